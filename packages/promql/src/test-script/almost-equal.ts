const EPSILON = 1e-6;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Equality of results as Prometheus' test scripts have it: a relative error of a millionth, and NaN equals NaN. */
export function isAlmostEqual(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < EPSILON * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
}
