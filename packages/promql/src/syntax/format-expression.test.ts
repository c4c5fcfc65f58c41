import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from './expression.js';
import { formatExpression, prettyExpression } from './format-expression.js';
import { parseExpression } from './parse-expression.js';
import { randomExpression } from './testing/random-expression.js';

const reformat = (text: string) => formatExpression(parseExpression(text, { experimentalFunctions: true }));
const pretty = (text: string) => prettyExpression(parseExpression(text));

describe('on one line', () => {
  it.each([
    ['sum(x)by(a , b)', 'sum by (a, b) (x)'],
    ['sum by () (x)', 'sum(x)'],
    ['sum without() (x)', 'sum without () (x)'],
    ['topk(5,x)', 'topk(5, x)'],
    ['sum by ("l.n") (x)', 'sum by ("l.n") (x)'],
    ['a+on(x)b', 'a + on (x) b'],
    ['a+ignoring()b', 'a + b'],
    ['a*ignoring()group_left b', 'a * ignoring () group_left () b'],
    ['a>bool on() b', 'a > bool on () b'],
    ['x{b="2",a=~"1"}', 'x{a=~"1",b="2"}'],
    ['{__name__="x"}', '{__name__="x"}'],
    ['{"my.metric","l.n"="v"}', '{"l.n"="v",__name__="my.metric"}'],
    ["x{a='q\"\\n'}", 'x{a="q\\"\\n"}'],
    ['x[90] offset -90s @ 1.5', 'x[1m30s] @ 1.500 offset -1m30s'],
    ['x @ end()', 'x @ end()'],
    ['x[7d:1w] offset 366d', 'x[1w:1w] offset 366d'],
    ['x[365d:]', 'x[1y:]'],
    ['1e21', '1000000000000000000000'],
    ['1.5e-7', '0.00000015'],
    ['123456789e20', '12345678900000000000000000000'],
    ['-0', '-0'],
    ['0x10', '16'],
    ['inf', '+Inf'],
    ['Inf ^ 2', 'Inf ^ 2'],
    ['-300s + x', '-5m + x'],
    ['"\\u00e4\\x01\\x7f😀\\u200b"', '"ä\\x01\\x7f😀\\u200b"'],
    ['label_replace(x,"a","$1","b","(.*)")', 'label_replace(x, "a", "$1", "b", "(.*)")'],
    ['- ( x )', '-(x)'],
  ])('%s becomes %s', (text, expected) => {
    expect(reformat(text)).toBe(expected);
    expect(reformat(expected)).toBe(expected);
  });
});

const LONG = 'a_rather_long_name_of_a_metric_that_takes_more_than_half_of_a_line';

describe('on many lines', () => {
  it('stays on one while it fits into 100 characters', () => {
    expect(pretty(`sum ( ${LONG} )`)).toBe(`sum(${LONG})`);
  });

  it('breaks operators, calls, aggregations and parentheses', () => {
    expect(pretty(`${LONG} + on (a) (${LONG})`)).toBe(`  ${LONG}\n+ on (a)\n  (${LONG})`);
    expect(pretty(`clamp(${LONG} - ${LONG}, 1, 2)`)).toBe(
      `clamp(\n    ${LONG}\n  -\n    ${LONG},\n  1,\n  2\n)`,
    );
    expect(pretty(`topk by (a) (3, ${LONG} - ${LONG})`)).toBe(
      `topk by (a) (\n  3,\n    ${LONG}\n  -\n    ${LONG}\n)`,
    );
    expect(pretty(`(${LONG} > bool ${LONG})`)).toBe(`(\n    ${LONG}\n  > bool\n    ${LONG}\n)`);
    expect(pretty(`-(${LONG} > ${LONG})`)).toBe(`-(\n    ${LONG}\n  >\n    ${LONG}\n)`);
  });

  it('keeps what belongs to a subquery behind it', () => {
    expect(pretty(`(${LONG} > ${LONG})[5m:] offset 1m`)).toBe(
      `(\n    ${LONG}\n  >\n    ${LONG}\n)[5m:] offset 1m`,
    );
  });
});

/** What an expression is, without where it stood. Conditions are printed in order, so their order is not part of it. */
function meaning(expression: Expression): unknown {
  return JSON.parse(
    JSON.stringify(expression, (key: string, value: unknown) => {
      if (key === 'start' || key === 'end') return undefined;
      if (key === 'matchers') return (value as unknown[]).map((matcher) => JSON.stringify(matcher)).sort();
      return typeof value === 'number' ? String(value) : value;
    }),
  );
}

/** Numbers of a seed, for the generator. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('random expressions', () => {
  const vocabulary = {
    metrics: ['up', 'http_requests_total', 'job:errors:rate5m'],
    labels: { job: ['api', 'web "2"'], instance: ['a:9090', 'b:9090'], code: ['200', ''] },
  };

  it.each([false, true])('mean the same when they are printed and read again (modern: %s)', (modern) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = randomExpression({ ...vocabulary, random: randomOf(seed), modern });
        const expression = parseExpression(text);
        const printed = formatExpression(expression);
        expect(meaning(parseExpression(printed))).toEqual(meaning(expression));
        expect(formatExpression(parseExpression(prettyExpression(expression)))).toBe(printed);
      }),
      { numRuns: 100 },
    );
  });

  it('are of every kind', () => {
    const kinds = new Set<string>();
    const collect = (key: string, value: unknown) =>
      key === 'kind' ? kinds.add(String(value)) && value : value;
    for (let seed = 0; seed < 150; seed++) {
      JSON.stringify(parseExpression(randomExpression({ ...vocabulary, random: randomOf(seed) })), collect);
    }
    const expected = ['number', 'string', 'selector', 'matrix', 'subquery', 'call', 'aggregation', 'binary'];
    expect([...kinds]).toEqual(
      expect.arrayContaining([...expected, 'unary', 'parenthesis', 'time', 'start', 'end']),
    );
  });
});
