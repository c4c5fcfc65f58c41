import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CompensatedSum, lostInSum } from './compensated-sum.js';
import { RunningMean } from './running-mean.js';
import { RunningVariance } from './running-variance.js';

/** Doubles that are whole numbers of very different size, so that BigInt gives their exact sum. */
const wholeNumbers = fc.array(
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 200 }))
    .map(([digits, power]) => digits * 2 ** power),
  { maxLength: 50 },
);
const HALF_ULP = 2 ** -53;

it('comes as near to the exact sum as the compensation allows', () => {
  fc.assert(
    fc.property(wholeNumbers, (values) => {
      const sum = new CompensatedSum();
      for (const value of values) sum.add(value);
      const exact = Number(values.reduce((total, value) => total + BigInt(value), 0n));
      const size = values.reduce((total, value) => total + Math.abs(value), 0);
      // Rounded once, and twice the square of a single rounding for each value: Neumaier's bound.
      const allowed = 2 * HALF_ULP * Math.abs(exact) + 2 * (values.length * HALF_ULP) ** 2 * size;
      expect(Math.abs(sum.value - exact)).toBeLessThanOrEqual(allowed);
    }),
  );
});

it('keeps what a plain sum loses', () => {
  const sum = new CompensatedSum();
  for (let count = 0; count < 10; count++) sum.add(0.1);
  expect(sum.value).toBe(1);
  sum.reset();
  expect(sum.value).toBe(0);
  expect(lostInSum(1, 1e100, 1e100)).toBe(1);
});

it.each([
  [[Number.POSITIVE_INFINITY, 1, 0.1], Number.POSITIVE_INFINITY],
  [[1, Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY],
  [[1.7e308, 1.7e308, -1.7e308], Number.POSITIVE_INFINITY],
  [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], Number.NaN],
  [[Number.NaN, 1], Number.NaN],
])('sums %j as doubles do', (values, expected) => {
  const sum = new CompensatedSum();
  for (const value of values) sum.add(value);
  expect(sum.value).toBe(expected);
});

it('gives no mean and no variance of nothing', () => {
  expect(new RunningMean().value).toBeNaN();
  expect(new RunningVariance().value).toBeNaN();
});

it('starts afresh after a reset, also when the mean had to move', () => {
  const mean = new RunningMean();
  for (const value of [1.7e308, 1.7e308, 1.7e308]) mean.add(value);
  expect(mean.value / 1.7e308).toBeCloseTo(1, 12);
  mean.reset();
  for (const value of [1, 2, 6]) mean.add(value);
  expect(mean.value).toBe(3);
});

it('has the variance of the squared distances from the mean', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(values, (samples) => {
      const variance = new RunningVariance();
      for (const value of samples) variance.add(value);
      const mean = samples.reduce((total, value) => total + value, 0) / samples.length;
      const expected = samples.reduce((total, value) => total + (value - mean) ** 2, 0) / samples.length;
      expect(Math.abs(variance.value - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
    }),
  );
});
