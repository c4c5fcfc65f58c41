import type { Window } from './window.js';

/** How often the value differs from the one before; NaN after NaN is no change. */
export function changes({ values, from, to }: Window): number {
  let count = 0;
  for (let row = from + 1; row < to; row++) {
    const value = values[row] as number;
    const before = values[row - 1] as number;
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) count++;
  }
  return count;
}

/** How often a counter fell. */
export function resets({ values, from, to }: Window): number {
  let count = 0;
  for (let row = from + 1; row < to; row++) {
    if ((values[row] as number) < (values[row - 1] as number)) count++;
  }
  return count;
}
