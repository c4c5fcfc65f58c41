import { doubleExponentialSmoothing } from './double-exponential-smoothing.js';
import { delta, increase, rate } from './extrapolated-change.js';
import { maxOverTime, minOverTime, tsOfMaxOverTime, tsOfMinOverTime } from './extremes-over-time.js';
import { idelta, irate } from './last-two-samples.js';
import { deriv, predictLinear } from './linear-regression.js';
import { madOverTime, quantileOverTime } from './quantiles-over-time.js';
import { changes, resets } from './steps-over-time.js';
import { avgOverTime, stddevOverTime, stdvarOverTime, sumOverTime } from './sums-over-time.js';
import type { WindowFunction } from './window.js';

/**
 * The functions of PromQL over one range vector, by name. absent_over_time is not among them: it speaks of the whole vector.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/. Looked up once per call in an expression.
 */
export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map<string, WindowFunction>([
  ['rate', rate],
  ['increase', increase],
  ['delta', delta],
  ['irate', irate],
  ['idelta', idelta],
  ['deriv', deriv],
  ['predict_linear', predictLinear],
  ['double_exponential_smoothing', doubleExponentialSmoothing],
  ['changes', changes],
  ['resets', resets],
  ['avg_over_time', avgOverTime],
  ['sum_over_time', sumOverTime],
  ['stddev_over_time', stddevOverTime],
  ['stdvar_over_time', stdvarOverTime],
  ['min_over_time', minOverTime],
  ['max_over_time', maxOverTime],
  ['ts_of_min_over_time', tsOfMinOverTime],
  ['ts_of_max_over_time', tsOfMaxOverTime],
  ['quantile_over_time', quantileOverTime],
  ['mad_over_time', madOverTime],
  ['count_over_time', ({ from, to }) => to - from],
  ['present_over_time', () => 1],
  ['first_over_time', ({ values, from }) => values[from]],
  ['last_over_time', ({ values, to }) => values[to - 1]],
  ['ts_of_first_over_time', ({ timesMs, from }) => (timesMs[from] as number) / 1000],
  ['ts_of_last_over_time', ({ timesMs, to }) => (timesMs[to - 1] as number) / 1000],
]);
