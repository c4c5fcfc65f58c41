/** Samples of one series as columns, in ascending time. Never changed once made. */
export interface Column {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Room for the first samples of a series: some minutes at the usual intervals. */
const FIRST_CAPACITY = 8;

/** What a column holds before its first sample: most of a start is the making of arrays. */
const NO_TIMES = new Float64Array(0);
const NO_WORDS = new Uint32Array(0);

/**
 * The samples of one series that are not in a chunk yet: sorted, growing, one per time. Values move as pairs of 32-bit
 * words, because moving them as numbers may change the bits of a NaN.
 */
export class SampleColumn {
  #timesMs: Float64Array = NO_TIMES;
  #words: Uint32Array = NO_WORDS;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Undefined when there is none. */
  get firstMs(): number | undefined {
    return this.#length === 0 ? undefined : this.#timesMs[0];
  }

  get lastMs(): number | undefined {
    return this.#length === 0 ? undefined : this.#timesMs[this.#length - 1];
  }

  /** Keeps the value in row `row` of `words` (two words a row). True when it is one more, false when it replaced one. */
  put(timeMs: number, words: Uint32Array, row: number): boolean {
    const index = this.#positionFor(timeMs);
    const isNew = index === this.#length || this.#timesMs[index] !== timeMs;
    if (isNew) this.#open(index);
    this.#timesMs[index] = timeMs;
    this.#words[index * 2] = words[row * 2] as number;
    this.#words[index * 2 + 1] = words[row * 2 + 1] as number;
    return isNew;
  }

  /**
   * Keeps many rows, the later winning over the earlier; returns how many more there are. The arrays are the column's
   * from now on: at a start thousands of columns would else be copied for nothing.
   */
  putAll(timesMs: Float64Array, words: Uint32Array): number {
    if (this.#length === 0 && areAscending(timesMs)) {
      this.#timesMs = timesMs;
      this.#words = words;
      this.#length = timesMs.length;
      return timesMs.length;
    }
    let added = 0;
    for (let row = 0; row < timesMs.length; row++) {
      if (this.put(timesMs[row] as number, words, row)) added += 1;
    }
    return added;
  }

  /** A copy of the samples with `fromMs ≤ time ≤ toMs`. */
  between(fromMs: number, toMs: number): Column {
    const start = lowerBound(this.#timesMs, this.#length, fromMs);
    let end = start;
    while (end < this.#length && (this.#timesMs[end] as number) <= toMs) end++;
    return {
      timesMs: this.#timesMs.slice(start, end),
      values: new Float64Array(this.#words.slice(start * 2, end * 2).buffer),
    };
  }

  /** Forgets the samples before `limitMs`; returns how many. */
  dropBefore(limitMs: number): number {
    const dropped = lowerBound(this.#timesMs, this.#length, limitMs);
    if (dropped === this.#length) return this.#clear();
    this.#timesMs.copyWithin(0, dropped, this.#length);
    this.#words.copyWithin(0, dropped * 2, this.#length * 2);
    this.#length -= dropped;
    return dropped;
  }

  #positionFor(timeMs: number): number {
    const last = this.#timesMs[this.#length - 1];
    // Nearly always a sample is newer than all before it.
    if (last === undefined || timeMs > last) return this.#length;
    return lowerBound(this.#timesMs, this.#length, timeMs);
  }

  #open(index: number): void {
    if (this.#length === this.#timesMs.length) this.#resize(Math.max(FIRST_CAPACITY, this.#length * 2));
    this.#timesMs.copyWithin(index + 1, index, this.#length);
    this.#words.copyWithin(index * 2 + 2, index * 2, this.#length * 2);
    this.#length += 1;
  }

  /** Also lets go of the memory: a series may never come back. */
  #clear(): number {
    const dropped = this.#length;
    this.#timesMs = NO_TIMES;
    this.#words = NO_WORDS;
    this.#length = 0;
    return dropped;
  }

  #resize(capacity: number): void {
    const [timesMs, words] = [this.#timesMs, this.#words];
    this.#timesMs = new Float64Array(capacity);
    this.#timesMs.set(timesMs);
    this.#words = new Uint32Array(capacity * 2);
    this.#words.set(words);
  }
}

function areAscending(timesMs: Float64Array): boolean {
  for (let row = 1; row < timesMs.length; row++) {
    if ((timesMs[row] as number) <= (timesMs[row - 1] as number)) return false;
  }
  return true;
}

/** The part of a column with `fromMs ≤ time ≤ toMs`, sharing its memory. */
export function columnBetween({ timesMs, values }: Column, fromMs: number, toMs: number): Column {
  const start = lowerBound(timesMs, timesMs.length, fromMs);
  let end = timesMs.length;
  while (end > start && (timesMs[end - 1] as number) > toMs) end--;
  return { timesMs: timesMs.subarray(start, end), values: values.subarray(start, end) };
}

/** The columns one behind the other; each begins after the one before it ends. */
export function joinColumns(columns: readonly Column[]): Column {
  const length = columns.reduce((total, { timesMs }) => total + timesMs.length, 0);
  const joined = { timesMs: new Float64Array(length), values: new Float64Array(length) };
  let offset = 0;
  for (const { timesMs, values } of columns) {
    joined.timesMs.set(timesMs, offset);
    joined.values.set(values, offset);
    offset += timesMs.length;
  }
  return joined;
}

/** Both columns in one; where both have a time, `newer` wins. */
export function mergeColumns(older: Column, newer: Column): Column {
  const [lastOld, firstNew] = [older.timesMs.at(-1), newer.timesMs[0]];
  if (lastOld === undefined) return newer;
  if (firstNew === undefined) return older;
  if (lastOld < firstNew) return joinColumns([older, newer]);
  return joinColumns(interleave(older, newer));
}

/** Cuts both columns into the runs of which the merged one is made. */
function interleave(older: Column, newer: Column): Column[] {
  const runs: Column[] = [];
  let [oldIndex, newIndex] = [0, 0];
  while (oldIndex < older.timesMs.length && newIndex < newer.timesMs.length) {
    const [oldMs, newMs] = [older.timesMs[oldIndex] as number, newer.timesMs[newIndex] as number];
    if (oldMs < newMs) {
      runs.push(run(older, oldIndex, oldIndex + 1));
    } else {
      runs.push(run(newer, newIndex, newIndex + 1));
      newIndex += 1;
    }
    if (oldMs <= newMs) oldIndex += 1;
  }
  runs.push(run(older, oldIndex, older.timesMs.length), run(newer, newIndex, newer.timesMs.length));
  return runs;
}

function run({ timesMs, values }: Column, start: number, end: number): Column {
  return { timesMs: timesMs.subarray(start, end), values: values.subarray(start, end) };
}

/** Index of the first of `length` ascending times that is not below `limit`. */
function lowerBound(ascending: Float64Array, length: number, limit: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
