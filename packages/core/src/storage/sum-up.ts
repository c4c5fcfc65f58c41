import type { RollupColumns } from '../contract/storage.js';

/** Where a counter stood before. */
export interface CounterReading {
  readonly value: number;
  /** The end of the five minutes in which that was: roll-ups know it no better. */
  readonly untilMs: number;
}

/** What is known of a series beside its samples. */
export interface SumUpRules {
  /** The steps end at its multiples. */
  readonly stepMs: number;
  readonly isCounter: boolean;
  /** The reading before the first sample, where it is known: the counter may have started anew in between. */
  readonly before?: CounterReading | undefined;
}

/** Steps of the finest roll-ups. */
const READING_MS = 300_000;

/** Readings further apart are not compared: after longer silence nobody knows what happened. Nor are those before and after a staleness mark. */
export const COUNTER_LOOK_BACK_MS = 3_600_000;

/** By the endings that OpenMetrics and Prometheus give to what only grows. */
const COUNTER_NAME = /_(?:total|count|sum|bucket)$/;

/** True for the name of a metric that only grows until it starts anew. */
export function isCounterName(name: string): boolean {
  return COUNTER_NAME.test(name);
}

/** The end of the step in which a time lies. A step has its end and not its beginning, as a range in PromQL. */
export function stepEnd(timeMs: number, stepMs: number): number {
  // Never -0, which would be another number in comparisons of tests and keys.
  return Math.ceil(timeMs / stepMs) * stepMs + 0;
}

/** The last reading before a time. Undefined for none, and after a staleness mark. */
export function readingBefore(
  { timesMs, values }: { readonly timesMs: Float64Array; readonly values: Float64Array },
  atMs: number,
): CounterReading | undefined {
  const row = timesMs.findLastIndex((timeMs) => timeMs < atMs);
  if (row < 0 || Number.isNaN(values[row])) return undefined;
  return { value: values[row] as number, untilMs: stepEnd(timesMs[row] as number, READING_MS) };
}

/** Sums samples up in steps. `timesMs` ascends. Called once per series of a graph, and once a day for each series when it is compacted. */
export function sumUpSamples(
  { timesMs, values }: { readonly timesMs: Float64Array; readonly values: Float64Array },
  { stepMs, isCounter, before }: SumUpRules,
): RollupColumns {
  const steps = emptyRollup(countSteps(timesMs, stepMs));
  let [previous, untilMs] = [before?.value ?? Number.NaN, before?.untilMs ?? 0];
  for (let row = 0, step = -1, endMs = Number.NEGATIVE_INFINITY; row < timesMs.length; row++) {
    const timeMs = timesMs[row] as number;
    if (timeMs > endMs) endMs = openStep(steps, ++step, stepEnd(timeMs, stepMs));
    const value = values[row] as number;
    if (!Number.isNaN(value)) addNumber(steps, step, value);
    if (isCounter) {
      if (value < previous && timeMs <= untilMs + COUNTER_LOOK_BACK_MS)
        (steps.resets[step] as number) += previous;
      previous = value;
      untilMs = stepEnd(timeMs, READING_MS);
    }
    copyBits(steps.last, step, values, row);
  }
  return steps;
}

/** Sums steps up in longer ones, of which their length must be a part. */
export function sumUpRollup(rollup: RollupColumns, stepMs: number): RollupColumns {
  const { timesMs } = rollup;
  const steps = emptyRollup(countSteps(timesMs, stepMs));
  for (let row = 0, step = -1, endMs = Number.NEGATIVE_INFINITY; row < timesMs.length; row++) {
    const timeMs = timesMs[row] as number;
    if (timeMs > endMs) endMs = openStep(steps, ++step, stepEnd(timeMs, stepMs));
    addStep(steps, step, rollup, row);
  }
  return steps;
}

/** Columns for so many steps, all 0. */
export function emptyRollup(steps: number): RollupColumns {
  const column = () => new Float64Array(steps);
  return {
    timesMs: column(),
    count: column(),
    min: column(),
    max: column(),
    sum: column(),
    last: column(),
    resets: column(),
  };
}

/** Copies an element as words: as a number, a NaN may lose its payload. */
export function copyBits(to: Float64Array, at: number, from: Float64Array, row: number): void {
  const value = from[row] as number;
  if (!Number.isNaN(value)) to[at] = value;
  else
    new Uint32Array(to.buffer, to.byteOffset + at * 8, 2).set(
      new Uint32Array(from.buffer, from.byteOffset + row * 8, 2),
    );
}

function countSteps(timesMs: Float64Array, stepMs: number): number {
  let steps = 0;
  for (let row = 0, endMs = Number.NEGATIVE_INFINITY; row < timesMs.length; row++) {
    const timeMs = timesMs[row] as number;
    if (timeMs <= endMs) continue;
    endMs = stepEnd(timeMs, stepMs);
    steps += 1;
  }
  return steps;
}

function openStep(steps: RollupColumns, step: number, endMs: number): number {
  steps.timesMs[step] = endMs;
  steps.min[step] = Number.NaN;
  steps.max[step] = Number.NaN;
  return endMs;
}

function addNumber({ count, min, max, sum }: RollupColumns, step: number, value: number): void {
  if (count[step] === 0) {
    min[step] = value;
    max[step] = value;
  } else if (value < (min[step] as number)) min[step] = value;
  else if (value > (max[step] as number)) max[step] = value;
  (count[step] as number) += 1;
  (sum[step] as number) += value;
}

function addStep(steps: RollupColumns, step: number, from: RollupColumns, row: number): void {
  const numbers = from.count[row] as number;
  if (numbers > 0) {
    const isFirst = steps.count[step] === 0;
    const [min, max] = [from.min[row] as number, from.max[row] as number];
    steps.min[step] = isFirst ? min : Math.min(steps.min[step] as number, min);
    steps.max[step] = isFirst ? max : Math.max(steps.max[step] as number, max);
  }
  (steps.count[step] as number) += numbers;
  (steps.sum[step] as number) += from.sum[row] as number;
  (steps.resets[step] as number) += from.resets[row] as number;
  copyBits(steps.last, step, from.last, row);
}
