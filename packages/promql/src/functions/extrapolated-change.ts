import type { Window } from './window.js';

/** A boundary is reached when it is less than this many average distances between samples away. */
const REACHED_BOUNDARY = 1.1;

/**
 * `rate`, `increase` and `delta` as Prometheus defines them (https://prometheus.io/docs/prometheus/latest/querying/functions/#rate): the
 * change between first and last sample, stretched to the boundaries of the window. Undefined with fewer than two samples.
 */
export function rate(window: Window): number | undefined {
  const change = changeWithResets(window);
  if (change === undefined) return undefined;
  const factor = stretchFactor(window, secondsToStart(window, change));
  return change * (factor / ((window.endMs - window.startMs) / 1000));
}

/** See {@link rate}; not divided by the length of the window. */
export function increase(window: Window): number | undefined {
  const change = changeWithResets(window);
  if (change === undefined) return undefined;
  return change * stretchFactor(window, secondsToStart(window, change));
}

/** See {@link rate}; for gauges: no resets, and nothing keeps it from passing zero. */
export function delta(window: Window): number | undefined {
  const { values, from, to } = window;
  if (to - from < 2) return undefined;
  const change = (values[to - 1] as number) - (values[from] as number);
  return change * stretchFactor(window, secondsToBoundary(window, firstTimeMs(window) - window.startMs));
}

/** A counter that falls was restarted: what it had reached before is added. */
function changeWithResets({ values, from, to }: Window): number | undefined {
  if (to - from < 2) return undefined;
  let before = values[from] as number;
  let change = (values[to - 1] as number) - before;
  for (let row = from + 1; row < to; row++) {
    const value = values[row] as number;
    if (value < before) change += before;
    before = value;
  }
  return change;
}

/** Counters are never negative: the line is not drawn further back than to its zero. */
function secondsToStart(window: Window, change: number): number {
  const seconds = secondsToBoundary(window, firstTimeMs(window) - window.startMs);
  const first = window.values[window.from] as number;
  if (!(change > 0 && first >= 0)) return seconds;
  return Math.min(seconds, sampledSeconds(window) * (first / change));
}

/** A series that ends far from the boundary probably begins or ends there: half a distance between samples is all that it is given. */
function secondsToBoundary(window: Window, distanceMs: number): number {
  const seconds = distanceMs / 1000;
  const averageSeconds = sampledSeconds(window) / (window.to - window.from - 1);
  return seconds >= averageSeconds * REACHED_BOUNDARY ? averageSeconds / 2 : seconds;
}

function stretchFactor(window: Window, toStart: number): number {
  const sampled = sampledSeconds(window);
  return (sampled + toStart + secondsToBoundary(window, window.endMs - lastTimeMs(window))) / sampled;
}

function sampledSeconds(window: Window): number {
  return (lastTimeMs(window) - firstTimeMs(window)) / 1000;
}

function firstTimeMs({ timesMs, from }: Window): number {
  return timesMs[from] as number;
}

function lastTimeMs({ timesMs, to }: Window): number {
  return timesMs[to - 1] as number;
}
