import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileOf } from './quantile-of.js';

const of = (q: number, values: readonly number[]) => quantileOf(Float64Array.from(values), q);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('quantileOf', () => {
  it.each([
    [0, [2, 1, 3], 1],
    [0.5, [2, 1, 3], 2],
    [1, [2, 1, 3], 3],
    [0.8, [0, 1, 2], 1.6],
    [0.5, [7], 7],
    [0.5, [], nan],
    [nan, [1], nan],
    [-0.1, [1], -inf],
    [1.1, [1], inf],
  ])('%d of %j', (q, values, expected) => {
    expect(of(q, values)).toBe(expected);
  });

  it('counts NaN as the smallest value', () => {
    expect(of(0, [1, nan, 2])).toBeNaN();
    expect(of(1, [1, nan, 2])).toBe(2);
    expect(of(0.5, [nan, nan, nan])).toBeNaN();
  });

  it('lies between the smallest and the largest value, and grows with q', () => {
    const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const q = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), q, q, (values, one, other) => {
        const low = of(Math.min(one, other), values);
        const high = of(Math.max(one, other), values);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        expect(low).toBeLessThanOrEqual(high + 1e-6);
      }),
    );
  });
});
