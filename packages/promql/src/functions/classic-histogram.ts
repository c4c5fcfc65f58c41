import {
  type ClassicBuckets,
  type MonotonicityRepair,
  repairMonotonicity,
  sortBuckets,
} from './classic-buckets.js';

/** A quantile out of classic buckets; `isForced` (with what was mended) is worth an info to the user: the data is faulty. */
export interface ClassicQuantile {
  readonly value: number;
  readonly isForced: boolean;
  readonly repair?: MonotonicityRepair;
}

/**
 * The q-quantile of a classic histogram, interpolated within its bucket; the first bucket begins at 0 if its bound is positive.
 * NaN without observations, without a bucket for +Inf or with no other bucket, and for a NaN q; -Inf below 0, +Inf above 1. In the highest
 * bucket, the bound below it. Sorts and mends `buckets` in place. Once per histogram and step of histogram_quantile.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile.
 */
export function classicQuantile(q: number, buckets: ClassicBuckets): ClassicQuantile {
  if (Number.isNaN(q)) return unforced(Number.NaN);
  if (q < 0) return unforced(Number.NEGATIVE_INFINITY);
  if (q > 1) return unforced(Number.POSITIVE_INFINITY);
  if (!sortBuckets(buckets)) return unforced(Number.NaN);
  const repair = repairMonotonicity(buckets);
  const value = isEmpty(buckets) ? Number.NaN : interpolateRank(q, buckets);
  return repair === undefined ? unforced(value) : { value, isForced: true, repair };
}

function unforced(value: number): ClassicQuantile {
  return { value, isForced: false };
}

function isEmpty({ counts }: ClassicBuckets): boolean {
  return counts.length < 2 || counts.at(-1) === 0;
}

function interpolateRank(q: number, { upperBounds, counts }: ClassicBuckets): number {
  const last = counts.length - 1;
  const rank = q * (counts[last] as number);
  const bucket = firstReaching(counts, rank, last);
  const upper = upperBounds[bucket] as number;
  if (bucket === last) return upperBounds[last - 1] as number;
  if (bucket === 0 && upper <= 0) return upper;
  const lower = bucket === 0 ? 0 : (upperBounds[bucket - 1] as number);
  const below = bucket === 0 ? 0 : (counts[bucket - 1] as number);
  return lower + (upper - lower) * ((rank - below) / ((counts[bucket] as number) - below));
}

/** The first of the rows below `end` whose count reaches the rank, by halving; `end` if none does. */
function firstReaching(counts: readonly number[], rank: number, end: number): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((counts[middle] as number) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Which part of the observations lies between two values, interpolated within the buckets; those without an end hold nothing that could be
 * interpolated. NaN without observations, without a bucket for +Inf and for NaN values; 0 when `lower` is not below `upper`.
 * Sorts `buckets` in place. Once per histogram and step of histogram_fraction.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_fraction.
 */
export function classicFraction(lower: number, upper: number, buckets: ClassicBuckets): number {
  if (!sortBuckets(buckets)) return Number.NaN;
  const total = buckets.counts.at(-1) as number;
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (countBelow(upper, buckets, total) - countBelow(lower, buckets, total)) / total;
}

/** Estimated number of observations below a value. */
function countBelow(value: number, { upperBounds, counts }: ClassicBuckets, total: number): number {
  let below = 0;
  for (let row = 0; row < counts.length; row++) {
    const start = startOfBucket(upperBounds, row);
    const end = upperBounds[row] as number;
    const count = counts[row] as number;
    if (start >= value) return Math.min(below, total);
    if (end > value) return Math.min(countWithin(value, start, end, below, count), total);
    below = count;
  }
  return total;
}

function startOfBucket(upperBounds: readonly number[], row: number): number {
  if (row > 0) return upperBounds[row - 1] as number;
  return (upperBounds[0] as number) > 0 ? 0 : Number.NEGATIVE_INFINITY;
}

function countWithin(value: number, start: number, end: number, below: number, count: number): number {
  // Towards +Inf the share becomes 0 by itself; from -Inf it would be NaN.
  if (start === Number.NEGATIVE_INFINITY) return count;
  return below + ((count - below) * (value - start)) / (end - start);
}
