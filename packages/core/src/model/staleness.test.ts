import { describe, expect, it } from 'vitest';
import { isStalenessMark, STALENESS_MARK } from './staleness.js';

describe('the staleness mark', () => {
  it('is known again after a way through a column', () => {
    const column = Float64Array.of(STALENESS_MARK, Number.NaN, 1);
    expect([...column.keys()].map((row) => isStalenessMark(column[row] as number))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('has the bits that Prometheus gave it', () => {
    const bits = new BigUint64Array(Float64Array.of(STALENESS_MARK).buffer);
    expect(bits[0]).toBe(0x7ff0000000000002n);
  });

  it('is no ordinary value', () => {
    for (const value of [0, -0, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(isStalenessMark(value)).toBe(false);
  });
});
