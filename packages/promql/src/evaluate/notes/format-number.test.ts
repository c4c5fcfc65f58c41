import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOpenMetrics, formatPlain, formatShort } from './format-number.js';

describe('numbers as text', () => {
  it('give the number again, without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatPlain(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value);
      }),
    );
  });

  it('are short in messages, with the exponents of Go', () => {
    const cases: [number, string][] = [
      [0.5, '0.5'],
      [1e21, '1e+21'],
      [1e-5, '1e-05'],
      [0.0001, '0.0001'],
      [-0, '-0'],
      [Number.NaN, 'NaN'],
    ];
    for (const [value, text] of cases) expect(formatShort(value)).toBe(text);
    expect([1, 0.25, 1e-7, Number.NEGATIVE_INFINITY].map(formatOpenMetrics)).toEqual([
      '1.0',
      '0.25',
      '1e-07',
      '-Inf',
    ]);
  });
});
