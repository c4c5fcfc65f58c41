import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromqlError } from '../promql-error.js';
import { parseExpression } from './parse-expression.js';

function faultOf(text: string): PromqlError {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof PromqlError) return error;
    throw error;
  }
  throw new TypeError(`${text} is taken`);
}

const DURATIONS = 'number, duration, step(), or range()';
const MODIFIED = 'must be preceded by an instant vector selector or range vector selector or a subquery';
const OPERANDS = 'binary expression must contain only scalar and instant vector types';

/** Texts with Prometheus' own message; most were compared with a running Prometheus 2.42, the rest with the texts of version 3. */
const FAULTS: Readonly<Record<string, readonly (readonly [text: string, message: string])[]>> = {
  'of characters': [
    ['ä', "1:1: parse error: unexpected character: 'ä'"],
    ['foo $', "1:5: parse error: unexpected character: '$'"],
    ['a ! b', "1:3: parse error: unexpected character after '!': ' '"],
    ['a =~ b', "1:3: parse error: unexpected character after '=': '~'"],
    ['foo{a:b="x"}', "1:6: parse error: unexpected character inside braces: ':'"],
    ['foo{a!b}', "1:6: parse error: unexpected character after '!' inside braces: 'b'"],
    ['foo{{', "1:5: parse error: unexpected left brace '{'"],
    ['foo}', "1:4: parse error: unexpected character: '}'"],
    ['foo]', "1:4: parse error: unexpected right bracket ']'"],
    ['1)', "1:3: parse error: unexpected right parenthesis ')'"],
    ['(1', '1:3: parse error: unclosed left parenthesis'],
    ['sum((foo)', '1:10: parse error: unclosed left parenthesis'],
    ['foo{', '1:5: parse error: unexpected end of input inside braces'],
    ['foo[', '1:5: parse error: unexpected end of input in duration expression'],
    ['foo[5m', '1:7: parse error: unclosed left bracket'],
    ['foo[5m:x]', "1:8: parse error: unexpected character: 'x', expected ':'"],
    ['foo[x]', "1:5: parse error: unexpected character in duration expression: 'x'"],
    ['foo[:5m]', '1:5: parse error: unexpected colon before duration in duration expression'],
    ['foo[5m::]', "1:8: parse error: unexpected colon ':'"],
    ['foo[5m[', "1:7: parse error: unexpected left bracket '['"],
    ['"abc', '1:1: parse error: unterminated quoted string'],
    ['foo{a="b}', '1:7: parse error: unterminated quoted string'],
    ['"a\nb"', '1:1: parse error: unterminated quoted string'],
    ['`abc', '1:1: parse error: unterminated raw string'],
    ['"\\q"', "1:1: parse error: unknown escape sequence U+0071 'q'"],
    ['"\\400"', '1:1: parse error: escape sequence is an invalid Unicode code point'],
    ['"\\ud800"', '1:1: parse error: escape sequence is an invalid Unicode code point'],
    ['"\\xg0"', "1:1: parse error: illegal character U+0067 'g' in escape sequence"],
    ['"\\', '1:1: parse error: escape sequence not terminated'],
    ['"\\x4', '1:1: parse error: escape sequence not terminated'],
    ['1b', '1:1: parse error: bad number or duration syntax: "1"'],
    ['1_', '1:1: parse error: bad number or duration syntax: "1"'],
    [
      '1e400',
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range',
    ],
    [
      '0xFFFFFFFFFFFFFFFF',
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "0xFFFFFFFFFFFFFFFF": invalid syntax',
    ],
    ['foo[5m3h]', '1:5: parse error: not a valid duration string: "5m3h"'],
    ['foo[300y]', '1:5: parse error: duration out of range'],
  ],
  'of grammar': [
    ['', '1:1: parse error: no expression found in input'],
    ['# only a comment', '1:1: parse error: no expression found in input'],
    ['1 +', '1:4: parse error: unexpected end of input'],
    ['a b', '1:3: parse error: unexpected identifier "b"'],
    ['a a:b', '1:3: parse error: unexpected metric identifier "a:b"'],
    ['1 2', '1:3: parse error: unexpected number "2"'],
    ['1 5m', '1:3: parse error: unexpected duration "5m"'],
    ['a "b"', '1:3: parse error: unexpected string "\\"b\\""'],
    ['a "a long text"', '1:3: parse error: unexpected string "\\"a long te"...'],
    ['1..2', '1:3: parse error: unexpected number ".2"'],
    ['a = b', '1:3: parse error: unexpected "="'],
    ['foo ** bar', '1:6: parse error: unexpected <op:*>'],
    ['@ 5', '1:1: parse error: unexpected <op:@>'],
    ['bool', '1:1: parse error: unexpected <bool>'],
    ['On', '1:1: parse error: unexpected <On>'],
    ['atan2', '1:1: parse error: unexpected <op:atan2>'],
    ['by(x)', '1:3: parse error: unexpected "("'],
    ['a:b(x)', '1:4: parse error: unexpected "("'],
    ['{a="b"}{c="d"}', '1:8: parse error: unexpected "{"'],
    ['f(,)', '1:3: parse error: unexpected ","'],
    ['rate(foo[5m],)', '1:13: parse error: trailing commas not allowed in function call args'],
    ['sum(foo,)', '1:8: parse error: trailing commas not allowed in function call args'],
    ['foo, bar', '1:4: parse error: unexpected ","'],
    ['()', '1:2: parse error: unexpected ")"'],
    ['sum x', '1:5: parse error: unexpected identifier "x"'],
    ['sum(foo + )', '1:11: parse error: unexpected ")" in aggregation'],
    ['sum by (x) (foo +)', '1:18: parse error: unexpected ")" in aggregation'],
    ['sum by(a) + 1', '1:11: parse error: unexpected <op:+> in aggregation'],
    ['sum(a) by (b) by (c)', '1:15: parse error: unexpected <by>'],
    ['sum by', '1:7: parse error: unexpected end of input in grouping opts, expected "("'],
    ['a + on b', '1:8: parse error: unexpected identifier "b" in grouping opts, expected "("'],
    [
      'sum by (x y) (foo)',
      '1:11: parse error: unexpected identifier "y" in grouping opts, expected "," or ")"',
    ],
    ['sum by (1) (foo)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
    [
      'sum by (a:b) (foo)',
      '1:9: parse error: unexpected metric identifier "a:b" in grouping opts, expected label',
    ],
    [
      'a * on(x) group_left (b + c)',
      '1:25: parse error: unexpected <op:+> in grouping opts, expected "," or ")"',
    ],
    ['foo{a}', '1:6: parse error: unexpected "}" in label matching, expected label matching operator'],
    ['foo{a=}', '1:7: parse error: unexpected "}" in label matching, expected string'],
    [
      'foo{a="b" c="d"}',
      '1:11: parse error: unexpected identifier "c" in label matching, expected "," or "}"',
    ],
    ['foo{=}', '1:5: parse error: unexpected "=" in label matching, expected identifier or "}"'],
    ['foo{a="b",,}', '1:11: parse error: unexpected "," in label matching, expected identifier or "}"'],
    ['foo offset', `1:11: parse error: unexpected end of input in offset, expected ${DURATIONS}`],
    ['foo offset - -5m', `1:14: parse error: unexpected <op:-> in offset, expected ${DURATIONS}`],
    ['foo @', '1:6: parse error: unexpected end of input in @, expected timestamp'],
    ['foo @ x', '1:7: parse error: unexpected identifier "x" in @, expected timestamp'],
    ['foo @ start', '1:12: parse error: unexpected end of input in @, expected timestamp'],
    ['foo[]', `1:5: parse error: unexpected "]" in subquery or range selector, expected ${DURATIONS}`],
    ['foo[5m 5m]', '1:8: parse error: unexpected duration "5m" in subquery or range, expected ":" or "]"'],
    ['foo[5m:1m 1m]', '1:11: parse error: unexpected duration "1m" in subquery selector, expected "]"'],
    ['foo +\n  bar baz', '2:7: parse error: unexpected identifier "baz"'],
  ],
  'of selectors': [
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a!="x"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['foo{__name__="bar"}', '1:1: parse error: metric name must not be set twice: "foo" or "bar"'],
    ['foo{"bar"}', '1:1: parse error: metric name must not be set twice: "foo" or "bar"'],
    ['foo{a!~"("}', '1:5: parse error: error parsing regexp: missing closing ): `(`'],
    ['(foo)[5m]', '1:6: parse error: ranges only allowed for vector selectors'],
    ['foo[5m][5m]', '1:8: parse error: ranges only allowed for vector selectors'],
    ['foo offset 5m[5m]', '1:14: parse error: no offset modifiers allowed before range'],
    ['foo @ 5 [5m]', '1:9: parse error: no @ modifiers allowed before range'],
    ['1 offset 5m', `1:1: parse error: offset modifier ${MODIFIED}`],
    ['sum(foo) @ 5', `1:1: parse error: @ modifier ${MODIFIED}`],
    ['foo offset 5m offset 5m', '1:1: parse error: offset may not be set multiple times'],
    ['foo @ 5 @ 6', '1:1: parse error: @ <timestamp> may not be set multiple times'],
    ['foo @ start() @ 6', '1:1: parse error: @ <timestamp> may not be set multiple times'],
    ['foo @ inf', '1:1: parse error: timestamp out of bounds for @ modifier: +Inf'],
    ['foo @ -NaN', '1:1: parse error: timestamp out of bounds for @ modifier: NaN'],
    ['foo[0]', '1:5: parse error: duration must be greater than 0'],
    ['foo[5m:-1m]', '1:8: parse error: duration must be greater than 0'],
    ['1[5m:1m]', '1:1: parse error: subquery is only allowed on instant vector, got scalar instead'],
    ['foo[5m][5m:1m]', '1:1: parse error: subquery is only allowed on instant vector, got matrix instead'],
  ],
  'of calls and aggregations': [
    ['nosuch(x)', '1:1: parse error: unknown function with name "nosuch"'],
    ['holt_winters(x[5m], 0.1, 0.2)', '1:1: parse error: unknown function with name "holt_winters"'],
    ['1 + mad_over_time(x[5m])', '1:5: parse error: function "mad_over_time" is not enabled'],
    [
      'rate(foo)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['abs(1)', '1:5: parse error: expected type instant vector in call to function "abs", got scalar'],
    [
      'label_join(foo, "a", "b", 1)',
      '1:27: parse error: expected type string in call to function "label_join", got scalar',
    ],
    ['rate(foo[5m],1)', '1:1: parse error: expected 1 argument(s) in call to "rate", got 2'],
    ['round(foo,1,2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
    ['label_join(foo)', '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1'],
    ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
    [
      'sum(foo,bar)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2',
    ],
    [
      'topk(foo)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['topk("a",foo)', '1:6: parse error: expected type scalar in aggregation parameter, got string'],
    ['count_values(1,foo)', '1:14: parse error: expected type string in aggregation parameter, got scalar'],
    [
      'sum(foo[5m])',
      '1:5: parse error: expected type instant vector in aggregation expression, got range vector',
    ],
  ],
  'of operators': [
    ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['1 + bool 1', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['foo and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['foo + on(a) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
    ['foo and on(a) group_left foo', '1:1: parse error: no grouping allowed for "and" operation'],
    [
      'foo * on(a) group_left(a) bar',
      '1:5: parse error: label "a" must not occur in ON and GROUP clause at once',
    ],
    ['foo + "a"', `1:7: parse error: ${OPERANDS}`],
    ['foo[5m] + foo', `1:1: parse error: ${OPERANDS}`],
    [
      '-"a"',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
    [
      '-foo[5m]',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
  ],
  'of what Prometheus has behind flags': [
    ['foo anchored', '1:1: parse error: anchored modifier is experimental and not enabled'],
    ['foo[5m] smoothed', '1:1: parse error: smoothed modifier is experimental and not enabled'],
    ['a + fill(1) b', '1:1: parse error: binop fill modifiers are experimental and not enabled'],
    ['foo[step()]', '1:5: parse error: experimental duration expression is not enabled'],
    ['foo[5m + 1m]', '1:5: parse error: experimental duration expression is not enabled'],
  ],
};

for (const [about, faults] of Object.entries(FAULTS)) {
  describe(`faults ${about}`, () => {
    it.each(faults)('%s', (text, message) => {
      expect(faultOf(text).message).toBe(message);
      expect(faultOf(text).kind).toBe('bad_data');
    });
  });
}

describe('places of faults', () => {
  it('are offsets of the text, whatever lies before them', () => {
    const fault = faultOf('x{a="😀"} # 😀\n + rate(foo)');
    expect(fault.message).toBe(
      '2:9: parse error: expected type range vector in call to function "rate", got instant vector',
    );
    expect('x{a="😀"} # 😀\n + rate(foo)'.slice(fault.place?.start, fault.place?.end)).toBe('foo');
  });

  it('enclose the operator and what belongs to it', () => {
    expect(faultOf('foo * on(a) group_left(a) bar').place).toEqual({ start: 4, end: 25 });
  });
});

/** Every UTF-16 unit, halves of pairs included; ASCII more often. */
const anyUnit = fc
  .oneof(fc.integer({ min: 1, max: 126 }), fc.integer({ min: 0, max: 0xffff }))
  .map((code) => String.fromCharCode(code));

describe('hostile texts', () => {
  it('that are too long are refused', () => {
    expect(faultOf(' '.repeat(70_000)).message).toContain('longer than 65536 characters');
  });

  it.each([
    ['parentheses', '('.repeat(30_000)],
    ['closed parentheses', `${'('.repeat(600)}1${')'.repeat(600)}`],
    ['signs', `${'-'.repeat(60_000)}1`],
    ['operators', `1${'+1'.repeat(30_000)}`],
    ['powers', `1${'^1'.repeat(30_000)}`],
    ['calls', 'abs('.repeat(15_000)],
    ['aggregations', 'sum by (a) ('.repeat(5_000)],
    ['subqueries', `x${'[1m:1m]'.repeat(9_000)}`],
    ['offsets', `x${' offset 1m'.repeat(6_000)}`],
  ])('of many %s are refused for their depth', (_, text) => {
    expect(faultOf(text).message).toContain('nested deeper than 500 levels');
  });

  it('may be wide, and 400 deep', () => {
    expect(parseExpression(`${'('.repeat(400)}1${')'.repeat(400)}`)).toBeDefined();
    const wide = Array.from({ length: 3000 }, () => '"a b"').join(',');
    expect(parseExpression(`label_join(x, "a", "-", ${wide})`)).toBeDefined();
  });

  it('end in an expression or in a fault with a place, never in anything else', () => {
    const pieces = fc.constantFrom(
      ...[
        'sum',
        'by',
        'on',
        'group_left',
        'bool',
        'offset',
        '@',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        ',',
        ':',
        '=',
      ],
      ...[
        '+',
        '-',
        '^',
        '==',
        '=~',
        '!',
        'and',
        '5m',
        '1',
        '.',
        '"a"',
        "'",
        '\\',
        'x',
        'rate',
        'inf',
        '#',
        '\n',
        'start',
      ],
    );
    const texts = fc.oneof(
      fc.string({ unit: anyUnit, maxLength: 40 }),
      fc.array(pieces).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseExpression(text)).toHaveProperty('kind');
        } catch (error) {
          if (!(error instanceof PromqlError)) throw error;
          expect(error.message).toMatch(/^\d+:\d+: parse error: ./);
          expect(error.place?.start).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
