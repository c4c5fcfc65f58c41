import { CompensatedSum } from './compensated-sum.js';
import type { Window } from './window.js';

// Functions over windows are never nested, so one of each is enough and nothing is allocated for a window.
const line = { slope: 0, valueAtOrigin: 0 };
const sumX = new CompensatedSum();
const sumY = new CompensatedSum();
const sumXY = new CompensatedSum();
const sumXX = new CompensatedSum();

/** Slope per second of the straight line through the samples (least squares). Undefined with fewer than two samples. */
export function deriv(window: Window): number | undefined {
  if (window.to - window.from < 2) return undefined;
  // Seconds since 1970 squared would use up the digits of a double, so time is counted from the first sample.
  fitLine(window, window.timesMs[window.from] as number);
  return line.slope;
}

/** What {@link deriv}'s line reaches so many seconds after the step. Undefined with fewer than two samples. */
export function predictLinear(window: Window, parameters: readonly number[]): number | undefined {
  if (window.to - window.from < 2) return undefined;
  fitLine(window, window.evaluatedAtMs);
  return line.slope * (parameters[0] as number) + line.valueAtOrigin;
}

function fitLine(window: Window, originMs: number): void {
  if (isConstant(window)) {
    const value = window.values[window.from] as number;
    const isInfinite = Math.abs(value) === Number.POSITIVE_INFINITY;
    line.slope = isInfinite ? Number.NaN : 0;
    line.valueAtOrigin = isInfinite ? Number.NaN : value;
    return;
  }
  sumUp(window, originMs);
  solve(window.to - window.from);
}

/** Rounding would give a constant series a slope. */
function isConstant({ values, from, to }: Window): boolean {
  const first = values[from];
  for (let row = from + 1; row < to; row++) if (values[row] !== first) return false;
  return true;
}

function sumUp({ timesMs, values, from, to }: Window, originMs: number): void {
  sumX.reset();
  sumY.reset();
  sumXY.reset();
  sumXX.reset();
  for (let row = from; row < to; row++) {
    const x = ((timesMs[row] as number) - originMs) / 1000;
    const y = values[row] as number;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumXX.add(x * x);
  }
}

function solve(count: number): void {
  const x = sumX.value;
  const y = sumY.value;
  const covariance = sumXY.value - (x * y) / count;
  const variance = sumXX.value - (x * x) / count;
  line.slope = covariance / variance;
  line.valueAtOrigin = y / count - (line.slope * x) / count;
}
