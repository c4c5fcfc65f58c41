/**
 * The q-quantile of values, interpolated between its two neighbours; NaN values count as the smallest. NaN for no values or a NaN q,
 * -Inf below 0, +Inf above 1. Sorts `values` in place. For quantile_over_time and mad_over_time (once per series and step) and for the
 * aggregation quantile (once per group and step).
 */
export function quantileOf(values: Float64Array, q: number): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  values.sort();
  const rank = q * (values.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - lower;
  const nanCount = countTrailingNans(values);
  return valueAt(values, lower, nanCount) * (1 - weight) + valueAt(values, upper, nanCount) * weight;
}

/** Typed arrays sort NaN behind everything, Prometheus before. */
function valueAt(values: Float64Array, position: number, nanCount: number): number {
  return position < nanCount ? Number.NaN : (values[position - nanCount] as number);
}

function countTrailingNans(values: Float64Array): number {
  let count = 0;
  while (count < values.length && Number.isNaN(values[values.length - 1 - count])) count++;
  return count;
}
