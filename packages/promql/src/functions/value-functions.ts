import { dateFunctions } from './date-functions.js';
import type { ValueFunction } from './window.js';

/**
 * The functions of PromQL over each value of an instant vector, by name, those of the calendar included.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/. Looked up once per call in an expression.
 */
export const valueFunctions: ReadonlyMap<string, ValueFunction> = new Map<string, ValueFunction>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['round', (value, parameters) => roundTo(value, parameters[0] ?? 1)],
  ['sgn', Math.sign],
  ['sqrt', Math.sqrt],
  ['exp', Math.exp],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['sinh', Math.sinh],
  ['cosh', Math.cosh],
  ['tanh', Math.tanh],
  ['asinh', Math.asinh],
  ['acosh', Math.acosh],
  ['atanh', Math.atanh],
  ['deg', (value) => (value * 180) / Math.PI],
  ['rad', (value) => (value * Math.PI) / 180],
  ['clamp', (value, limits) => clamp(value, limits[0] as number, limits[1] as number)],
  ['clamp_min', (value, limits) => clamp(value, limits[0] as number, Number.POSITIVE_INFINITY)],
  ['clamp_max', (value, limits) => clamp(value, Number.NEGATIVE_INFINITY, limits[0] as number)],
  ...dateFunctions,
]);

/** Ties go up, below zero too. Multiplies by the inverse because 1/0.1 is exact where 0.1 is not. */
function roundTo(value: number, nearest: number): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** clamp_min and clamp_max are clamp with one end open. */
function clamp(value: number, lowest: number, highest: number): number {
  return largerOf(lowest, smallerOf(highest, value));
}

/** Go's Max: +Inf wins over NaN, where JavaScript's gives NaN. */
function largerOf(a: number, b: number): number {
  const isInfinite = a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY;
  return isInfinite ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

/** Go's Min: -Inf wins over NaN. */
function smallerOf(a: number, b: number): number {
  const isInfinite = a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY;
  return isInfinite ? Number.NEGATIVE_INFINITY : Math.min(a, b);
}
