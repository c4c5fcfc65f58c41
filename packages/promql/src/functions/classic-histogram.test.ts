import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classicFraction, classicQuantile } from './classic-histogram.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
type Rows = readonly (readonly [bound: number, count: number])[];
const bucketsOf = (rows: Rows) => ({
  upperBounds: rows.map(([bound]) => bound),
  counts: rows.map(([, count]) => count),
});
const quantile = (q: number, rows: Rows) => classicQuantile(q, bucketsOf(rows)).value;

const POSITIVE: Rows = [
  [0.1, 50],
  [0.2, 70],
  [1, 110],
  [inf, 120],
];
const NEGATIVE: Rows = [
  [-0.2, 10],
  [-0.1, 20],
  [0.3, 20],
  [inf, 30],
];
const UNEVEN: Rows = [
  [0.1, 20],
  [1, 10],
  [10, 50],
  [100, 40],
  [1000, 90],
  [inf, 80],
];

describe('classicQuantile', () => {
  it.each<[string, number, Rows, number]>([
    ['interpolates from zero in the first bucket', 0.2, POSITIVE, 0.048],
    ['interpolates between two bounds', 0.5, POSITIVE, 0.15],
    ['gives the last finite bound in the highest bucket', 1, POSITIVE, 1],
    ['starts at zero', 0, POSITIVE, 0],
    ['gives the bound of a first bucket that is not positive', 0.2, NEGATIVE, -0.2],
    ['interpolates below zero', 0.5, NEGATIVE, -0.15],
    ['knows no quantile NaN', nan, POSITIVE, nan],
    ['has nothing below 0', -0.1, POSITIVE, -inf],
    ['has nothing above 1', 1.01, POSITIVE, inf],
    ['needs a bucket for +Inf', 0.5, [[1, 2]], nan],
    ['needs a bucket', 0.5, [], nan],
    ['needs a second bucket', 0.5, [[inf, 2]], nan],
    ['needs observations', 0.5, POSITIVE.map(([bound]) => [bound, 0] as const), nan],
  ])('%s', (_, q, rows, expected) => {
    const found = quantile(q, rows);
    if (Number.isFinite(expected)) expect(found).toBeCloseTo(expected, 12);
    else expect(found).toBe(expected);
  });

  it('adds up buckets with the same bound', () => {
    const rows: Rows = [
      [0.1, 10],
      [0.2, 10],
      [0.2, 10],
      [0.2, 10],
      [inf, 40],
    ];
    expect(quantile(0.5, rows)).toBeCloseTo(0.15, 12);
  });

  it.each([
    [0.01, 0.0045],
    [0.5, 8.5],
    [0.99, 979.75],
  ])('lifts counts that fall, and says so: %d', (q, expected) => {
    const found = classicQuantile(q, bucketsOf(UNEVEN));
    expect(found.value).toBeCloseTo(expected, 9);
    expect(found).toMatchObject({
      isForced: true,
      repair: { firstBound: 1, lastBound: inf, largestFall: 10 },
    });
  });

  it('levels rounding without a word', () => {
    const rows: Rows = [
      [1, 1],
      [2, 1 - 1e-13],
      [3, 1 + 1e-13],
      [inf, 2],
    ];
    expect(classicQuantile(0.6, bucketsOf(rows))).toEqual({ value: 3, isForced: false });
  });

  it('grows with q and does not care for the order of the buckets', () => {
    const q = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(histograms(), q, q, fc.infiniteStream(fc.nat()), (rows, one, other, keys) => {
        const shuffled = rows.map((row) => ({ row, key: keys.next().value as number }));
        const mixed = shuffled.sort((a, b) => a.key - b.key).map(({ row }) => row);
        const low = quantile(Math.min(one, other), rows);
        expect(low).toBeLessThanOrEqual(quantile(Math.max(one, other), rows) + 1e-9);
        expect(quantile(Math.min(one, other), mixed)).toBe(low);
      }),
    );
  });
});

describe('classicFraction', () => {
  it.each<[string, number, number, Rows, number]>([
    ['interpolates from zero', 0, 0.15, POSITIVE, 60 / 120],
    ['holds all between the infinities', -inf, inf, NEGATIVE, 1],
    ['holds what is up to a bound', -inf, -0.15, NEGATIVE, 15 / 30],
    ['finds nothing that it could interpolate in a bucket without a beginning', -4, -0.1, NEGATIVE, 10 / 30],
    ['finds nothing that it could interpolate in a bucket without an end', 2, 5, POSITIVE, 0],
    ['finds the whole last bucket up to +Inf', 2, inf, POSITIVE, 10 / 120],
    ['finds nothing between a value and itself', 1, 1, POSITIVE, 0],
    ['finds nothing backwards', 2, 1, POSITIVE, 0],
    ['finds nothing in a single bucket', 0, 1, [[inf, 100]], 0],
    ['knows no NaN', nan, 1, POSITIVE, nan],
    ['needs a bucket for +Inf', 0, 1, [[1, 2]], nan],
    ['needs a bucket', 0, 1, [], nan],
    [
      'needs observations',
      0,
      1,
      [
        [1, 0],
        [inf, 0],
      ],
      nan,
    ],
  ])('%s', (_, lower, upper, rows, expected) => {
    const found = classicFraction(lower, upper, bucketsOf(rows));
    if (Number.isFinite(expected)) expect(found).toBeCloseTo(expected, 12);
    else expect(found).toBe(expected);
  });

  it('is the inverse of the quantile', () => {
    const q = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(histograms(), q, (rows, wanted) => {
        // Nothing above the last finite bound, where quantiles end.
        const rising = [...rows.slice(0, -1), [inf, rows.at(-2)?.[1] ?? 0] as const];
        const found = classicFraction(-inf, quantile(wanted, rising), bucketsOf(rising));
        expect(found).toBeCloseTo(wanted, 9);
      }),
    );
  });
});

/** Bounds above zero, each bucket with at least one observation of its own. */
function histograms(): fc.Arbitrary<Rows> {
  const step = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }));
  return fc.array(step, { minLength: 1, maxLength: 20 }).map((steps) => {
    const rows: [number, number][] = [];
    let [bound, count] = [0, 0];
    for (const [width, observations] of steps) rows.push([(bound += width), (count += observations)]);
    return [...rows, [inf, count + 1]];
  });
}
