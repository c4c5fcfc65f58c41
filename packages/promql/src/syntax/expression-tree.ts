import type { Matcher } from '@labkeeper/core';
import type { BinaryExpression, Call, Expression, Subquery, VectorSelector } from './expression.js';
import { formatNumber } from './format-literals.js';
import { functionSignature } from './functions-table.js';

/** One node of the tree, ready for JSON. */
export type TreeNode = Readonly<Record<string, unknown>>;

/**
 * The tree of an expression in the JSON of Prometheus' `/api/v1/parse_query`, which its page and Grafana read.
 * Times are in milliseconds. What this parser refuses (`anchored`, `fill`, …) is given as not there.
 */
export function expressionTree(expression: Expression): TreeNode {
  switch (expression.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatNumber(expression.value) };
    case 'string':
      return { type: 'stringLiteral', val: expression.value };
    case 'selector':
      return { type: 'vectorSelector', ...selectorFields(expression) };
    case 'matrix':
      return { type: 'matrixSelector', range: expression.rangeMs, ...selectorFields(expression.selector) };
    case 'subquery':
      return subqueryNode(expression);
    case 'call':
      return callNode(expression);
    case 'aggregation': {
      const { operator, parameter, grouping } = expression;
      return {
        type: 'aggregation',
        op: operator,
        expr: expressionTree(expression.expression),
        param: parameter === undefined ? null : expressionTree(parameter),
        grouping: grouping.labels,
        without: grouping.mode === 'without',
      };
    }
    case 'binary':
      return binaryNode(expression);
    case 'unary':
      return { type: 'unaryExpr', op: expression.operator, expr: expressionTree(expression.expression) };
    case 'parenthesis':
      return { type: 'parenExpr', expr: expressionTree(expression.expression) };
  }
}

function selectorFields(selector: VectorSelector): TreeNode {
  return {
    name: selector.name ?? '',
    ...timeFields(selector),
    matchers: selector.matchers.map(matcherNode),
    anchored: false,
    smoothed: false,
  };
}

function matcherNode({ label, operator, value }: Matcher): TreeNode {
  return { name: label, value, type: operator };
}

function timeFields({ offsetMs, at }: Pick<VectorSelector, 'offsetMs' | 'at'>): TreeNode {
  return {
    offset: offsetMs,
    timestamp: at?.kind === 'time' ? at.timeMs : null,
    startOrEnd: at === undefined || at.kind === 'time' ? null : at.kind,
  };
}

function subqueryNode(subquery: Subquery): TreeNode {
  return {
    type: 'subquery',
    expr: expressionTree(subquery.expression),
    range: subquery.rangeMs,
    ...timeFields(subquery),
    step: subquery.stepMs ?? 0,
  };
}

function callNode({ function: name, arguments: args, type }: Call): TreeNode {
  const signature = functionSignature(name);
  return {
    type: 'call',
    func: {
      name,
      argTypes: signature?.arguments ?? [],
      variadic: signature?.variadic ?? 0,
      returnType: type,
    },
    args: args.map(expressionTree),
  };
}

function binaryNode({ operator, left, right, matching, returnsBool }: BinaryExpression): TreeNode {
  return {
    type: 'binaryExpr',
    op: operator,
    lhs: expressionTree(left),
    rhs: expressionTree(right),
    matching: matching === undefined ? null : matchingNode(matching),
    bool: returnsBool,
  };
}

function matchingNode(matching: NonNullable<BinaryExpression['matching']>): TreeNode {
  const { cardinality, labels, mode, include } = matching;
  const fillValues = { lhs: null, rhs: null };
  return { card: cardinality, labels, on: mode === 'on', include, fillValues };
}
