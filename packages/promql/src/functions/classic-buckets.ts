/**
 * Buckets of one classic histogram as parallel arrays: row `i` says that `counts[i]` observations were at most `upperBounds[i]`.
 * In any order; the functions over them sort and merge the arrays in place, so fill them anew for each histogram and step.
 */
export interface ClassicBuckets {
  readonly upperBounds: number[];
  readonly counts: number[];
}

/** What had to be mended so that counts never fall: the first and last mended bound, and the deepest fall. */
export interface MonotonicityRepair {
  readonly firstBound: number;
  readonly lastBound: number;
  readonly largestFall: number;
}

/** Counts that differ by less than this part of their sum are the same: rounding, not a fault in the data. */
const ROUNDING_TOLERANCE = 1e-12;
const SMALLEST_NORMAL = 2 ** -1022;

/** Sorts by upper bound and adds up the counts of buckets with the same one. False when the highest bound is not +Inf (or there is none). */
export function sortBuckets(buckets: ClassicBuckets): boolean {
  const { upperBounds } = buckets;
  sortByBound(buckets);
  if (upperBounds.at(-1) !== Number.POSITIVE_INFINITY) return false;
  mergeSameBounds(buckets);
  return true;
}

/**
 * Shell sort: in place over two arrays, quick for the ten or twenty buckets of the usual histogram, which come sorted as text
 * (`+Inf` first, `10` before `2`), and harmless for hundreds of thousands.
 */
function sortByBound({ upperBounds, counts }: ClassicBuckets): void {
  let gap = upperBounds.length;
  while (gap > 1) {
    gap = Math.max(1, Math.floor(gap / 2.25));
    for (let row = gap; row < upperBounds.length; row++) {
      const bound = upperBounds[row] as number;
      const count = counts[row] as number;
      let place = row;
      for (; place >= gap && (upperBounds[place - gap] as number) > bound; place -= gap) {
        upperBounds[place] = upperBounds[place - gap] as number;
        counts[place] = counts[place - gap] as number;
      }
      upperBounds[place] = bound;
      counts[place] = count;
    }
  }
}

function mergeSameBounds({ upperBounds, counts }: ClassicBuckets): void {
  let last = 0;
  for (let row = 1; row < upperBounds.length; row++) {
    if (upperBounds[row] === upperBounds[last]) {
      counts[last] = (counts[last] as number) + (counts[row] as number);
      continue;
    }
    last++;
    upperBounds[last] = upperBounds[row] as number;
    counts[last] = counts[row] as number;
  }
  upperBounds.length = last + 1;
  counts.length = last + 1;
}

/**
 * Lifts counts that fall below the one before, which happens when the buckets were scraped or computed at different moments.
 * Differences of the size of rounding are levelled without a word. Undefined when nothing fell.
 */
export function repairMonotonicity({ upperBounds, counts }: ClassicBuckets): MonotonicityRepair | undefined {
  let repair: MonotonicityRepair | undefined;
  let before = counts[0] as number;
  for (let row = 1; row < counts.length; row++) {
    const count = counts[row] as number;
    if (isRounding(before, count)) {
      counts[row] = before;
    } else if (count < before) {
      repair = addFall(repair, upperBounds[row] as number, before - count);
      counts[row] = before;
    } else {
      before = count;
    }
  }
  return repair;
}

function addFall(repair: MonotonicityRepair | undefined, bound: number, fall: number): MonotonicityRepair {
  return {
    firstBound: repair?.firstBound ?? bound,
    lastBound: bound,
    largestFall: Math.max(repair?.largestFall ?? 0, fall),
  };
}

function isRounding(before: number, count: number): boolean {
  if (before === count) return true;
  const difference = Math.abs(before - count);
  const sum = Math.abs(before) + Math.abs(count);
  if (before === 0 || count === 0 || sum < SMALLEST_NORMAL) {
    return difference < ROUNDING_TOLERANCE * SMALLEST_NORMAL;
  }
  return difference / Math.min(sum, Number.MAX_VALUE) < ROUNDING_TOLERANCE;
}
