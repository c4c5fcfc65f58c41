import type { Random } from './random.js';

/** How the values of one series follow each other. Gets the number of the sample; undefined is a sample that is missing. */
export type Course = (index: number) => number | undefined;

/** Samples of a counter before it may begin again, so that a subquery, too, meets it high. */
const HIGH_AT_FIRST = 20;

interface Growth {
  readonly unit: number;
  readonly mostUnits: number;
  readonly resetChance?: number;
}

/** Grows by up to so many units in a step, and begins again now and then. See {@link fromLow} for why it begins high. */
export function counter(random: Random, { unit, mostUnits, resetChance = 0.01 }: Growth): Course {
  let units = random.between(1, 50) * 1_000_000;
  return (index) => {
    if (random.chance(resetChance) && index >= HIGH_AT_FIRST) units = 0;
    units += random.below(mostUnits + 1);
    return units * unit;
  };
}

/** Up and down by up to so many units. A unit is a power of two: then sums are exact in any order. */
export function walk(
  random: Random,
  { unit, startUnits, mostUnits }: { unit: number; startUnits: number; mostUnits: number },
): Course {
  let units = startUnits;
  return () => {
    // A gauge that rests for a while: `changes` has to see it.
    if (random.chance(0.8)) units += random.between(-mostUnits, mostUnits);
    return units * unit;
  };
}

/** One out of several samples is there. */
export function sometimes(random: Random, probability: number, course: Course): Course {
  return (index) => {
    const value = course(index);
    return random.chance(probability) ? value : undefined;
  };
}

/**
 * Begins near zero, as low as the rank says. Prometheus 2.42 and 3 disagree about how far `rate` reaches back behind a first sample
 * that is neither near zero nor far above what the window adds; no series begins so, and those with gaps grow slowly from afar or are
 * negative.
 */
export function fromLow(rank: number, course: Course): Course {
  return (index) => (index === 0 ? (rank + 1) / 1_024 : course(index));
}

/** Silent for minutes at a time. */
export function pausing(random: Random, course: Course): Course {
  let silentUntil = 0;
  return (index) => {
    if (index >= silentUntil && random.chance(0.03)) silentUntil = index + random.between(3, 25);
    const value = course(index);
    return index < silentUntil ? undefined : value;
  };
}

/** The buckets of a histogram, the bounds without the last, and all events: cumulative, as they are exposed. */
export function bucketCourses(random: Random, buckets: number): Course[] {
  const grown = Array.from({ length: buckets }, (_, bucket) => random.between(50_000, 90_000) * (bucket + 1));
  const rows: number[][] = [];
  const rowAt = (index: number) => {
    while (rows.length <= index) {
      let upToHere = 0;
      for (let bucket = 0; bucket < buckets; bucket++) {
        upToHere += random.below(6);
        grown[bucket] = (grown[bucket] as number) + upToHere;
      }
      rows.push([...grown]);
    }
    return rows[index];
  };
  return grown.map((_, bucket) => (index: number) => rowAt(index)?.[bucket]);
}
