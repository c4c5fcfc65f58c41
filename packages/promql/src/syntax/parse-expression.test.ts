import { describe, expect, it } from 'vitest';
import type { Expression } from './expression.js';
import { formatExpression } from './format-expression.js';
import { parseExpression, parseSelector } from './parse-expression.js';

/** The nesting of an expression with all its parentheses shown. */
function nesting(expression: Expression): string {
  switch (expression.kind) {
    case 'binary':
      return `(${nesting(expression.left)} ${expression.operator} ${nesting(expression.right)})`;
    case 'unary':
      return `(${expression.operator}${nesting(expression.expression)})`;
    case 'parenthesis':
      return nesting(expression.expression);
    default:
      return formatExpression(expression);
  }
}

function number(text: string): number {
  const expression = parseExpression(text);
  if (expression.kind !== 'number') throw new TypeError(`${text} is a ${expression.kind}`);
  return expression.value;
}

describe('precedence', () => {
  it.each([
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a ^ b ^ c', '(a ^ (b ^ c))'],
    ['a * b % c atan2 d', '(((a * b) % c) atan2 d)'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a > b + c and d == e', '((a > (b + c)) and (d == e))'],
    ['a == b > c', '((a == b) > c)'],
    ['-a ^ b', '(-(a ^ b))'],
    ['-2 ^ 2', '(-(2 ^ 2))'],
    ['-a * b', '((-a) * b)'],
    ['a ^ -b ^ c', '(a ^ (-(b ^ c)))'],
    ['a ^ -b * c', '((a ^ (-b)) * c)'],
    ['- - a', '(-(-a))'],
    ['1 - -2', '(1 - -2)'],
    ['(a + b) * c', '((a + b) * c)'],
    ['-a offset 5m', '(-a offset 5m)'],
    ['a AND b Or c', '((a and b) or c)'],
  ])('groups %s as %s', (text, expected) => {
    expect(nesting(parseExpression(text))).toBe(expected);
  });

  it('gives modifiers to the last operand and not to what stands before it', () => {
    const expression = parseExpression('a + rate(b[5m]) + c @ 10 offset 1m');
    expect(formatExpression(expression)).toBe('a + rate(b[5m]) + c @ 10.000 offset 1m');
    expect(() => parseExpression('a and b[5m]')).toThrow('1:7: ');
  });
});

describe('numbers', () => {
  it.each([
    ['1', 1],
    ['2.', 2],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['0x1F', 31],
    ['0X_1f', 31],
    ['017', 15],
    ['08', 8],
    ['1_000.5', 1000.5],
    ['Inf', Number.POSITIVE_INFINITY],
    ['-inF', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['+3', 3],
    ['--3', 3],
    ['5m', 300],
    ['1h30m', 5400],
    ['-250ms', -0.25],
    ['9007199254740993', 9007199254740992],
  ])('reads %s', (text, value) => {
    expect(number(text)).toBe(value);
  });

  it('remembers which were written as durations', () => {
    expect(parseExpression('5m')).toMatchObject({ isDuration: true });
    expect(parseExpression('300')).toMatchObject({ isDuration: false });
  });
});

describe('texts', () => {
  it.each([
    [`"a\\"b'"`, `a"b'`],
    [`'a\\'b"'`, `a'b"`],
    ['`a\\n"`', 'a\\n"'],
    ['"\\a\\b\\f\\n\\r\\t\\v\\\\"', '\x07\b\f\n\r\t\v\\'],
    ['"\\x41\\101\\u00e4\\U0001F600"', 'AAä😀'],
    ['"\\xc3\\xa4"', 'ä'],
    ['"# no comment"', '# no comment'],
  ])('reads %s', (text, value) => {
    expect(parseExpression(text)).toMatchObject({ kind: 'string', value });
  });

  it('keeps bytes that are no UTF-8 apart, and prints them as they were', () => {
    const expression = parseExpression('"a\\xc5z"');
    expect(expression).toMatchObject({ value: 'a\udcc5z' });
    expect(formatExpression(expression)).toBe('"a\\xc5z"');
  });
});

describe('selectors', () => {
  it('put the name last among the conditions', () => {
    expect(parseExpression('up{job="node",instance!~"a.*"}')).toMatchObject({
      kind: 'selector',
      name: 'up',
      offsetMs: 0,
      matchers: [
        { label: 'job', operator: '=', value: 'node' },
        { label: 'instance', operator: '!~', value: 'a.*' },
        { label: '__name__', operator: '=', value: 'up' },
      ],
    });
  });

  it('take quoted names of metrics and labels', () => {
    const expression = parseExpression('{"my.metric", "l.n"="v", plain=~"x"}');
    expect(expression).not.toHaveProperty('name');
    expect(expression).toMatchObject({
      matchers: [
        { label: '__name__', operator: '=', value: 'my.metric' },
        { label: 'l.n', operator: '=', value: 'v' },
        { label: 'plain', operator: '=~', value: 'x' },
      ],
    });
    expect(parseExpression('sum by ("l.n") (x)')).toMatchObject({ grouping: { labels: ['l.n'] } });
  });

  it('may be named by words of the language', () => {
    const words =
      'sum avg topk by without and or unless offset start end step range smoothed anchored fill abs';
    for (const word of words.split(' ')) expect(parseExpression(word)).toMatchObject({ name: word });
    expect(nesting(parseExpression('and and and or offset offset 5m'))).toBe(
      '((and and and) or offset offset 5m)',
    );
    expect(parseExpression('sum{by="x"} + Offset')).toMatchObject({ right: { name: 'Offset' } });
  });

  it('may have labels named by words of the language', () => {
    const words = ['on', 'by', 'bool', 'offset', 'sum', 'and', 'group_left', 'start', 'atan2'];
    expect(parseExpression(`sum by (${words.join(', ')}) (x)`)).toMatchObject({
      grouping: { labels: words },
    });
    expect(parseExpression(`x{${words.map((word) => `${word}="1"`).join(',')},inf="2"}`)).toMatchObject({
      name: 'x',
    });
  });

  it('carry offset and @ in any order', () => {
    for (const text of ['x[5m] offset -90s @ 1.5', 'x[300] @ 1.5 offset -90']) {
      expect(parseExpression(text)).toMatchObject({
        kind: 'matrix',
        rangeMs: 300_000,
        selector: { offsetMs: -90_000, at: { kind: 'time', timeMs: 1500 } },
      });
    }
    expect(parseExpression('x @ START()')).toMatchObject({ at: { kind: 'start' } });
    expect(parseExpression('x @ -5 offset 1w')).toMatchObject({
      at: { timeMs: -5000 },
      offsetMs: 604_800_000,
    });
  });

  it('make subqueries, with a step or with whatever is usual', () => {
    expect(parseExpression('rate(x[1m])[1h:30s] offset 5m @ end()')).toMatchObject({
      kind: 'subquery',
      rangeMs: 3_600_000,
      stepMs: 30_000,
      offsetMs: 300_000,
      at: { kind: 'end' },
    });
    expect(parseExpression('x[1h:]')).not.toHaveProperty('stepMs');
  });
});

describe('aggregations', () => {
  it('have their labels before or behind', () => {
    for (const text of ['sum by (a, b) (x)', 'sum(x) by (a, b,)', 'SUM BY(a,b)(x)']) {
      expect(parseExpression(text)).toMatchObject({
        kind: 'aggregation',
        operator: 'sum',
        grouping: { mode: 'by', labels: ['a', 'b'] },
      });
    }
    expect(parseExpression('topk without () (3, x)')).toMatchObject({
      operator: 'topk',
      parameter: { value: 3 },
      grouping: { mode: 'without', labels: [] },
    });
  });

  it('that are experimental need the flag', () => {
    expect(() => parseExpression('limitk(1, x)')).toThrow('limitk() is experimental');
    expect(parseExpression('limitk(1, x)', { experimentalFunctions: true })).toMatchObject({
      operator: 'limitk',
    });
  });
});

describe('matching', () => {
  it('is one to one, ignoring nothing, where nothing is said', () => {
    expect(parseExpression('a + b')).toMatchObject({
      matching: { cardinality: 'one-to-one', mode: 'ignoring', labels: [], include: [] },
    });
    expect(parseExpression('a and b')).toMatchObject({ matching: { cardinality: 'many-to-many' } });
    expect(parseExpression('a + 1')).not.toHaveProperty('matching');
  });

  it('takes on, ignoring and groups', () => {
    expect(parseExpression('a == bool on(x, y) group_left(z) b')).toMatchObject({
      returnsBool: true,
      matching: { cardinality: 'many-to-one', mode: 'on', labels: ['x', 'y'], include: ['z'] },
    });
    expect(parseExpression('a * ignoring(x) group_right b')).toMatchObject({
      matching: { cardinality: 'one-to-many', mode: 'ignoring', labels: ['x'], include: [] },
    });
    expect(parseExpression('a / on() group_left() (b)')).toMatchObject({ right: { kind: 'parenthesis' } });
  });
});

describe('places', () => {
  const text = 'sum(rate(x{a="b"}[5m] offset 1m)) by (c) # why\n  + -y ^ 2';
  const placed = ({ start, end }: { start: number; end: number }) => text.slice(start, end);

  it('are those of the text, comments and lines included', () => {
    const sum = parseExpression(text);
    if (sum.kind !== 'binary' || sum.left.kind !== 'aggregation') throw new TypeError('not as written');
    expect(placed(sum)).toBe(text);
    expect(placed(sum.left)).toBe('sum(rate(x{a="b"}[5m] offset 1m)) by (c)');
    expect(placed(sum.left.expression)).toBe('rate(x{a="b"}[5m] offset 1m)');
    expect(placed(sum.right)).toBe('-y ^ 2');
  });

  it('of ranges reach to the end of their modifiers', () => {
    const call = parseExpression('rate(x[5m] offset 1m)');
    expect(call).toMatchObject({ arguments: [{ start: 5, end: 20, selector: { start: 5, end: 6 } }] });
  });
});

describe('a selector alone', () => {
  it('gives its conditions', () => {
    expect(parseSelector('{job="a"}')).toEqual([{ label: 'job', operator: '=', value: 'a' }]);
  });

  it('is nothing else', () => {
    for (const text of ['up + 1', 'up[5m]', 'up offset 5m', 'up @ 3', 'sum(up)']) {
      expect(() => parseSelector(text)).toThrow('expected a plain vector selector');
    }
  });
});
