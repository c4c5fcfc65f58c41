import { describe, expect, it } from 'vitest';
import { expressionTree } from './expression-tree.js';
import { parseExpression } from './parse-expression.js';

const tree = (text: string) => expressionTree(parseExpression(text));
const selector = {
  name: 'x',
  offset: 0,
  timestamp: null,
  startOrEnd: null,
  matchers: [{ name: '__name__', value: 'x', type: '=' }],
  anchored: false,
  smoothed: false,
};

describe('the tree of an expression', () => {
  it('has literals as texts', () => {
    expect(tree('1e3')).toEqual({ type: 'numberLiteral', val: '1000' });
    expect(tree('"a"')).toEqual({ type: 'stringLiteral', val: 'a' });
    expect(tree('(Inf)')).toEqual({ type: 'parenExpr', expr: { type: 'numberLiteral', val: '+Inf' } });
  });

  it('has selectors with their times in milliseconds', () => {
    expect(tree('x')).toEqual({ type: 'vectorSelector', ...selector });
    expect(tree('x[5m] @ 2 offset 1s')).toEqual({
      type: 'matrixSelector',
      range: 300_000,
      ...selector,
      timestamp: 2000,
      offset: 1000,
    });
    expect(tree('x[5m:1m] @ end()')).toEqual({
      type: 'subquery',
      expr: { type: 'vectorSelector', ...selector },
      range: 300_000,
      step: 60_000,
      offset: 0,
      timestamp: null,
      startOrEnd: 'end',
    });
  });

  it('says of a function what it takes and gives', () => {
    expect(tree('round(x)')).toEqual({
      type: 'call',
      func: { name: 'round', argTypes: ['vector', 'scalar'], variadic: 1, returnType: 'vector' },
      args: [{ type: 'vectorSelector', ...selector }],
    });
  });

  it('has aggregations with and without a parameter', () => {
    const expr = { type: 'vectorSelector', ...selector };
    expect(tree('sum(x)')).toEqual({
      type: 'aggregation',
      op: 'sum',
      expr,
      param: null,
      grouping: [],
      without: false,
    });
    expect(tree('topk without (a) (1, x)')).toMatchObject({
      param: { val: '1' },
      grouping: ['a'],
      without: true,
    });
  });

  it('has operators with their matching', () => {
    expect(tree('-x')).toEqual({
      type: 'unaryExpr',
      op: '-',
      expr: { type: 'vectorSelector', ...selector },
    });
    expect(tree('x == bool 1')).toMatchObject({ type: 'binaryExpr', op: '==', matching: null, bool: true });
    expect(tree('x * on(a) group_left(b) x')).toMatchObject({
      matching: {
        card: 'many-to-one',
        labels: ['a'],
        on: true,
        include: ['b'],
        fillValues: { lhs: null, rhs: null },
      },
      bool: false,
    });
  });
});
