/** Samples of one series, by time. Both columns have the same length. Never changed once made. */
export interface Column {
  /** Whole milliseconds since the epoch, each after the one before. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export const NO_SAMPLES: Column = { timesMs: new Float64Array(0), values: new Float64Array(0) };

/** The part of a column with `fromMs ≤ time ≤ toMs`, sharing its memory. */
export function columnBetween(column: Column, fromMs: number, toMs: number): Column {
  const { timesMs, values } = column;
  const start = lowerBound(timesMs, timesMs.length, fromMs);
  const end =
    (timesMs.at(-1) ?? toMs) <= toMs ? timesMs.length : lowerBound(timesMs, timesMs.length, toMs + 1);
  if (start === 0 && end === timesMs.length) return column;
  return { timesMs: timesMs.subarray(start, end), values: values.subarray(start, end) };
}

/** The columns one behind the other; each begins after the one before it ends. */
export function joinColumns(columns: readonly Column[]): Column {
  if (columns.length === 1) return columns[0] as Column;
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

/** Both columns in one; where both have a time, `first` stays. */
function mergeColumns(first: Column, second: Column): Column {
  const [lastFirst, firstSecond] = [first.timesMs.at(-1), second.timesMs[0]];
  if (lastFirst === undefined) return second;
  if (firstSecond === undefined) return first;
  if (lastFirst < firstSecond) return joinColumns([first, second]);
  if ((second.timesMs.at(-1) as number) < (first.timesMs[0] as number)) return joinColumns([second, first]);
  return joinColumns(interleave(first, second));
}

/** Any columns of one series in one; where several have a time, the earliest of them in the list stays. */
export function mergeAll(columns: readonly Column[]): Column {
  const filled = columns.filter(({ timesMs }) => timesMs.length > 0);
  if (filled.length < 2) return filled[0] ?? NO_SAMPLES;
  // Nearly always they follow one another, and are joined at once instead of one by one.
  const isInOrder = filled.every(
    ({ timesMs }, index) =>
      index === 0 || (filled[index - 1]?.timesMs.at(-1) as number) < (timesMs[0] as number),
  );
  return isInOrder ? joinColumns(filled) : filled.reduce(mergeColumns);
}

/** Cuts both columns into the runs of which the merged one is made. */
function interleave(first: Column, second: Column): Column[] {
  const runs: Column[] = [];
  let [at, other] = [0, 0];
  while (at < first.timesMs.length && other < second.timesMs.length) {
    const start = at;
    const untilMs = second.timesMs[other] as number;
    while (at < first.timesMs.length && (first.timesMs[at] as number) < untilMs) at++;
    if (at > start) runs.push(part(first, start, at));
    const otherStart = other;
    const limitMs = first.timesMs[at] ?? Number.POSITIVE_INFINITY;
    while (other < second.timesMs.length && (second.timesMs[other] as number) < limitMs) other++;
    if (other > otherStart) runs.push(part(second, otherStart, other));
    if (second.timesMs[other] === limitMs) other++;
  }
  if (at < first.timesMs.length) runs.push(part(first, at, first.timesMs.length));
  if (other < second.timesMs.length) runs.push(part(second, other, second.timesMs.length));
  return runs;
}

function part({ timesMs, values }: Column, start: number, end: number): Column {
  return { timesMs: timesMs.subarray(start, end), values: values.subarray(start, end) };
}

/** Index of the first of `length` ascending numbers that is not below `limit`. */
export function lowerBound(ascending: ArrayLike<number>, length: number, limit: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows with these numbers, bit for bit. */
export function pickRows({ timesMs, values }: Column, rows: readonly number[]): Column {
  const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
  return {
    timesMs: Float64Array.from(rows, (row) => timesMs[row] as number),
    values: new Float64Array(BigUint64Array.from(rows, (row) => bits[row] as bigint).buffer),
  };
}
