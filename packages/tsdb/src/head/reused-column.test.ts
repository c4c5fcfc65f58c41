import { describe, expect, it } from 'vitest';
import { ReusedColumn } from './reused-column.js';

describe('a column that is used again', () => {
  it('gives a Float64Array back as it is', () => {
    const numbers = Float64Array.of(1, 2);
    expect(new ReusedColumn().of(numbers)).toBe(numbers);
  });

  it('begins with the numbers of a plain array, however long those before it were', () => {
    const column = new ReusedColumn();
    for (const length of [3, 1, 1_000, 70, 10_000, 5]) {
      const numbers = Array.from({ length }, (_, index) => index / length);
      expect([...column.of(numbers).subarray(0, length)]).toEqual(numbers);
    }
  });
});
