import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromqlError } from '../promql-error.js';
import { parseSeriesNotation, parseValuesNotation } from './series-notation.js';

const values = (text: string) => parseSeriesNotation(`x ${text}`).values;

describe('the names of a series', () => {
  it.each([
    ['metric', { __name__: 'metric' }],
    ['metric{}', { __name__: 'metric' }],
    ['{a="b"}', { a: 'b' }],
    ['{}', {}],
    ['m:x{ a="b" , c=\'d"\',}', { __name__: 'm:x', a: 'b', c: 'd"' }],
    ['{"my.metric", "my.label"="v"}', { __name__: 'my.metric', 'my.label': 'v' }],
    ['m{a=""}', { __name__: 'm' }],
    ['sum{by="x"}', { __name__: 'sum', by: 'x' }],
    ['m{a="{{ \\"x\\" }} #"}', { __name__: 'm', a: '{{ "x" }} #' }],
  ])('%s', (text, labels) => {
    expect(parseSeriesNotation(`${text} 1`)).toEqual({ labels, values: [1] });
  });
});

describe('the values of a series', () => {
  it.each([
    ['1 2.5 -3 +4 .5 1e3', [1, 2.5, -3, 4, 0.5, 1000]],
    ['Inf -inf NaN', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]],
    ['1+2x3', [1, 3, 5, 7]],
    ['1-1x2', [1, 0, -1]],
    ['-1-1.5x1', [-1, -2.5]],
    ['5x2', [5, 5, 5]],
    ['5x0', [5]],
    ['_ _x2 1', ['absent', 'absent', 'absent', 1]],
    ['stale 1 stalex1', ['stale', 1, 'stale', 'stale']],
    ['{{}} {{schema:1 count:2 buckets:[1 2]}}x1 1', ['histogram', 'histogram', 'histogram', 1]],
    ['{{count:1}}+{{count:2}}x2', ['histogram', 'histogram', 'histogram']],
    ['\t1  \t 2 ', [1, 2]],
    ['', []],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(parseValuesNotation(text)).toEqual(expected);
  });

  it('climb by addition, with its rounding', () => {
    expect(values('0+0.1x3')).toEqual([0, 0.1, 0.2, 0.1 + 0.1 + 0.1]);
  });
});

describe('what is no series', () => {
  it.each([
    ['x 1 foo', '1:5: parse error: unexpected "foo" in series values'],
    ['x 1+2', '1:3: parse error: unexpected "1+2" in series values'],
    ['x 1x', '1:3: parse error: unexpected "1x" in series values'],
    ['x{a}', '1:4: parse error: unexpected "}" in label set, expected "="'],
    ['x{a=1}', '1:5: parse error: unexpected "1" in label set, expected string'],
    ['x{a="b" c="d"}', '1:9: parse error: unexpected "c" in label set, expected "," or "}"'],
    ['x{', '1:3: parse error: unexpected end of input in label set'],
    ['x{a="b', '1:5: parse error: unterminated quoted string'],
    ['1 2', '1:1: parse error: unexpected "1" in label set, expected metric name or "{"'],
    ['x 0x99999999', '1:3: parse error: a series has at most 1000000 values'],
  ])('%s is refused with its place', (text, message) => {
    expect(() => parseSeriesNotation(text)).toThrow(message);
  });

  it('ends in a fault of its own whatever it is', () => {
    const pieces = fc.constantFrom(
      'x',
      '{',
      '}',
      'a="b"',
      ',',
      ' ',
      '1',
      '+',
      'x3',
      '_',
      'stale',
      '{{',
      '}}',
      '\\',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(pieces), fc.string(), (list, tail) => {
        const text = list.join('') + tail;
        try {
          parseSeriesNotation(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PromqlError);
        }
      }),
    );
  });
});
