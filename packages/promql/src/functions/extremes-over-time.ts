import type { Window } from './window.js';

/** The smallest value; NaN only when all are. */
export function minOverTime({ values, from, to }: Window): number {
  let smallest = values[from] as number;
  for (let row = from + 1; row < to; row++) {
    const value = values[row] as number;
    if (value < smallest || Number.isNaN(smallest)) smallest = value;
  }
  return smallest;
}

/** The largest value; NaN only when all are. */
export function maxOverTime({ values, from, to }: Window): number {
  let largest = values[from] as number;
  for (let row = from + 1; row < to; row++) {
    const value = values[row] as number;
    if (value > largest || Number.isNaN(largest)) largest = value;
  }
  return largest;
}

/** When the smallest value was seen last, in seconds. */
export function tsOfMinOverTime({ timesMs, values, from, to }: Window): number {
  let best = from;
  for (let row = from + 1; row < to; row++) {
    const smallest = values[best] as number;
    if ((values[row] as number) <= smallest || Number.isNaN(smallest)) best = row;
  }
  return (timesMs[best] as number) / 1000;
}

/** When the largest value was seen last, in seconds. */
export function tsOfMaxOverTime({ timesMs, values, from, to }: Window): number {
  let best = from;
  for (let row = from + 1; row < to; row++) {
    const largest = values[best] as number;
    if ((values[row] as number) >= largest || Number.isNaN(largest)) best = row;
  }
  return (timesMs[best] as number) / 1000;
}
