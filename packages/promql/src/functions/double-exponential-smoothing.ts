import { PromqlError } from '../promql-error.js';
import type { Window } from './window.js';

/**
 * Smoothed last value of a gauge (Holt's linear method). Parameters: the smoothing factor (a low one trusts the past) and the trend factor.
 * Undefined with fewer than two samples. Throws PromqlError (execution) for factors outside of 0..1.
 */
export function doubleExponentialSmoothing(
  window: Window,
  parameters: readonly number[],
): number | undefined {
  const smoothing = parameters[0] as number;
  const trendFactor = parameters[1] as number;
  refuseOutside('smoothing', 'sf', smoothing);
  refuseOutside('trend', 'tf', trendFactor);
  if (window.to - window.from < 2) return undefined;
  return smooth(window, smoothing, trendFactor);
}

function smooth({ values, from, to }: Window, smoothing: number, trendFactor: number): number {
  let smoothed = values[from] as number;
  let trend = (values[from + 1] as number) - smoothed;
  let before = 0;
  for (let row = from + 1; row < to; row++) {
    // The first trend is the step between the first two samples; there is no smoothed step yet.
    if (row > from + 1) trend = trendFactor * (smoothed - before) + (1 - trendFactor) * trend;
    before = smoothed;
    smoothed = smoothing * (values[row] as number) + (1 - smoothing) * (smoothed + trend);
  }
  return smoothed;
}

/** NaN passes, as in Prometheus, and makes the result NaN. */
function refuseOutside(name: string, symbol: string, factor: number): void {
  if (factor <= 0 || factor >= 1) {
    const message = `invalid ${name} factor. Expected: 0 < ${symbol} < 1, got: ${goFixed(factor)}`;
    throw new PromqlError('execution', message);
  }
}

/** As Go prints `%f`. */
function goFixed(value: number): string {
  if (Number.isFinite(value)) return value.toFixed(6);
  return value > 0 ? '+Inf' : '-Inf';
}
