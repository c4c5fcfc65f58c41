import type { Window } from './window.js';

/** Change per second between the last two samples of a counter; undefined with fewer than two. */
export function irate(window: Window): number | undefined {
  const { timesMs, values, to } = window;
  if (!hasTwoTimes(window)) return undefined;
  const last = values[to - 1] as number;
  const before = values[to - 2] as number;
  const seconds = ((timesMs[to - 1] as number) - (timesMs[to - 2] as number)) / 1000;
  // After a reset the counter began at zero.
  return (last < before ? last : last - before) / seconds;
}

/** Change between the last two samples of a gauge; undefined with fewer than two. */
export function idelta(window: Window): number | undefined {
  if (!hasTwoTimes(window)) return undefined;
  return (window.values[window.to - 1] as number) - (window.values[window.to - 2] as number);
}

function hasTwoTimes({ timesMs, from, to }: Window): boolean {
  return to - from >= 2 && timesMs[to - 1] !== timesMs[to - 2];
}
