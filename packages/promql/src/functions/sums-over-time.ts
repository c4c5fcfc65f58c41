import { CompensatedSum } from './compensated-sum.js';
import { RunningMean } from './running-mean.js';
import { RunningVariance } from './running-variance.js';
import type { Window } from './window.js';

// Functions over windows are never nested, so one of each is enough and nothing is allocated for a window.
const sum = new CompensatedSum();
const mean = new RunningMean();
const variance = new RunningVariance();

export function sumOverTime({ values, from, to }: Window): number {
  sum.reset();
  for (let row = from; row < to; row++) sum.add(values[row] as number);
  return sum.value;
}

export function avgOverTime({ values, from, to }: Window): number {
  mean.reset();
  for (let row = from; row < to; row++) mean.add(values[row] as number);
  return mean.value;
}

export function stdvarOverTime({ values, from, to }: Window): number {
  variance.reset();
  for (let row = from; row < to; row++) variance.add(values[row] as number);
  return variance.value;
}

export function stddevOverTime(window: Window): number {
  return Math.sqrt(stdvarOverTime(window));
}
