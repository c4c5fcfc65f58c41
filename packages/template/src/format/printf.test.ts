import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFloat, print, printf, println } from '../index.js';

describe('printf', () => {
  it.each([
    ['%v %d %s', ['a', 3n, 'b'], 'a 3 b'],
    ['%d', [3], '%!d(float64=3)'],
    ['%.2f|%8.3f|%-8.1f|%08.2f|%+.0f', [1.005, Math.PI, 2.25, -1.5, 3], '1.00|   3.142|2.2     |-0001.50|+3'],
    ['%.0f %.0f %.0f', [0.5, 1.5, 2.5], '0 2 2'],
    ['%e %g %G', [123456.789, 1e21, 1e-7], '1.234568e+05 1e+21 1E-07'],
    [
      '%x %X %#x %o %b %c %q %U',
      [255n, 255n, 255n, 8n, 5n, 65n, 65n, 0x1f600n],
      "ff FF 0xff 10 101 A 'A' U+1F600",
    ],
    ['%q %x %.2s|%5s|%-5s|', ['a"\n', 'hé', 'héé', 'é', 'é'], '"a\\"\\n" 68c3a9 hé|    é|é    |'],
    ['%t %v %T %T', [true, null, 1n, 1], 'true <nil> int float64'],
    ['%v %v', [{ b: 1, a: [1n, 'x'] }, new Map([['k', null]])], 'map[a:[1 x] b:1] map[k:<nil>]'],
    ['%d%%', [50n], '50%'],
    ['%d', [], '%!d(MISSING)'],
    ['x', [1n, 'a'], 'x%!(EXTRA int=1, string=a)'],
    ['%[2]s %[1]s', ['a', 'b'], 'b a'],
    ['%*d', [5n, 42n], '   42'],
    ['%', [], '%!(NOVERB)'],
    ['%v %+v %6.1f', [Infinity, -Infinity, Number.NaN], '+Inf -Inf    NaN'],
    ['%99999d', [1n], '%!(BADWIDTH)1'],
  ])('%j', (format, values, expected) => {
    expect(printf(format, values)).toBe(expected);
  });

  it('never throws', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.boolean(), fc.constant(null));
    const format = fc
      .array(fc.constantFrom(...'%vdsqxXfeEgGtcUTbo+-# 0123456789.*[]a'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(format, fc.array(value), (text, values) => typeof printf(text, values) === 'string'),
    );
  });
});

describe('formatFloat', () => {
  it('reads back as the same number when no precision is asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom('e', 'f', 'g'),
        (value, verb) => {
          expect(Object.is(Number(formatFloat(value, verb as 'e')), value)).toBe(true);
        },
      ),
    );
  });

  it('agrees with the exact decimal expansion for any number of digits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-5, max: 1e15, noNaN: true }),
        fc.integer({ min: 0, max: 15 }),
        (value, places) => {
          const error = Math.abs(Number(formatFloat(value, 'f', places)) - value);
          expect(error).toBeLessThanOrEqual(0.5 * 10 ** -places + Math.abs(value) * 2 ** -52);
          expect(formatFloat(value, 'e', places).replace(/e.*/, '').replace('.', '')).toHaveLength(
            places + 1,
          );
        },
      ),
    );
  });

  it('rounds to the next power of ten where it must', () => {
    expect(formatFloat(9.9996, 'g', 4)).toBe('10');
    expect(formatFloat(99.99, 'e', 1)).toBe('1.0e+02');
    expect(formatFloat(1e-7, 'g', 17)).toBe('9.9999999999999995e-08');
    expect(formatFloat(1e23, 'f', 0)).toBe('99999999999999991611392');
  });
});

describe('print and println', () => {
  it('put spaces as Go does', () => {
    expect(print([1n, 2n, 'a', 'b', 3n, true])).toBe('1 2ab3 true');
    expect(println(['a', 1n])).toBe('a 1\n');
  });
});
