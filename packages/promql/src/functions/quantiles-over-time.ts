import { quantileOf } from './quantile-of.js';
import type { Window } from './window.js';

/** Quantiles sort what they are given, and a window belongs to the source. Grows to the largest window seen. */
let scratch = new Float64Array(1024);

/** Parameter: the quantile. See {@link quantileOf}. */
export function quantileOverTime(window: Window, parameters: readonly number[]): number {
  return quantileOf(copyValues(window), parameters[0] as number);
}

/** Median absolute deviation: half of the values are at most this far from their median. NaN as soon as one value is. */
export function madOverTime(window: Window): number {
  const values = copyValues(window);
  const median = values.some(Number.isNaN) ? Number.NaN : quantileOf(values, 0.5);
  if (Number.isNaN(median)) return median;
  for (let row = 0; row < values.length; row++) values[row] = Math.abs((values[row] as number) - median);
  return quantileOf(values, 0.5);
}

function copyValues({ values, from, to }: Window): Float64Array {
  const count = to - from;
  if (scratch.length < count) scratch = new Float64Array(count * 2);
  for (let row = 0; row < count; row++) scratch[row] = values[from + row] as number;
  return scratch.subarray(0, count);
}
