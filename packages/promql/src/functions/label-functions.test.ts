import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelJoin, labelReplace } from './label-functions.js';

const SERIES = { __name__: 'up', src: 'source-value-10', dst: 'before' };
const replace = (replacement: string, expression: string, source = 'src', destination = 'dst') =>
  labelReplace({ destination, replacement, source, expression });

describe('labelReplace', () => {
  it.each([
    ['puts groups into the replacement', 'to-$1', 'source-value-(.*)', 'to-10'],
    ['takes a name as long as it can be', '$1x', 'source-value-(.*)', undefined],
    ['takes a name in braces as it is', '${1}x', 'source-value-(.*)', '10x'],
    ['knows named groups', '${n}-$n', 'source-value-(?P<n>.*)', '10-10'],
    ['gives the whole match as group 0', '<$0>', '.*', '<source-value-10>'],
    ['leaves groups empty that are not there', 'a${7}b$7', '.*', 'ab'],
    ['leaves groups empty that caught nothing', 'a${1}b', '(x)?.*', 'ab'],
    ['takes a number with a leading zero for a name', 'a${01}b', '(.*)', 'ab'],
    ['writes a dollar for two', 'a$$1', '(.*)', 'a$1'],
    ['keeps a dollar before anything else', '$-${-${', '.*', '$-${-${'],
    ['needs the whole value to match', 'x', 'value-(.*)', 'before'],
    ['removes the label for an empty replacement', '', '.*', undefined],
  ])('%s', (_, replacement, expression, expected) => {
    expect(replace(replacement, expression)(SERIES).dst).toBe(expected);
  });

  it('takes a missing label as empty', () => {
    expect(replace('v-$1', '(.*)', 'nonexistent')(SERIES).dst).toBe('v-');
    expect(replace('v-$1', '(.+)', 'nonexistent')(SERIES)).toBe(SERIES);
    expect(replace('v-$1', '(.*)', 'constructor')(SERIES).dst).toBe('v-');
  });

  it('can rename the metric, and make any label name', () => {
    expect(replace('down', '.*', 'src', '__name__')(SERIES).__name__).toBe('down');
    expect(Object.entries(replace('x', '.*', 'src', '__proto__')(SERIES))).toContainEqual(['__proto__', 'x']);
  });

  it('lets a dot match line breaks', () => {
    expect(replace('yes', 'a.b')({ src: 'a\nb' })).toEqual({ src: 'a\nb', dst: 'yes' });
  });

  it('leaves the labels that it was given as they are', () => {
    replace('', '.*')(SERIES);
    expect(SERIES).toEqual({ __name__: 'up', src: 'source-value-10', dst: 'before' });
  });

  it('refuses a broken expression and a broken name', () => {
    expect(() => replace('', '(.*')).toThrow('invalid regular expression in label_replace(): (.*');
    for (const name of ['', '\uD800', 'a\uDCFF']) {
      expect(() => replace('', '.*', 'src', name)).toThrow(
        `invalid destination label name in label_replace(): ${name}`,
      );
    }
  });

  it('gives back text without a dollar as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const plain = text.replaceAll('$', 'S');
        expect(replace(plain, '.*')(SERIES).dst).toBe(plain);
        expect(replace(text.replaceAll('$', '$$$$'), '.*')(SERIES).dst).toBe(text);
      }),
    );
  });
});

describe('labelJoin', () => {
  it.each([
    [['src', 'dst'], '-', 'source-value-10-before'],
    [['src', 'missing', 'dst'], ',', 'source-value-10,,before'],
    [['missing'], ',', undefined],
    [[], ', ', undefined],
  ])('joins %j with %s', (sources, separator, expected) => {
    expect(labelJoin('dst', separator, sources)(SERIES).dst).toBe(expected);
  });

  it('refuses broken names', () => {
    expect(() => labelJoin('', '-', [])).toThrow('invalid destination label name in label_join(): ');
    expect(() => labelJoin('dst', '-', ['src', ''])).toThrow('invalid source label name in label_join(): ');
  });
});
