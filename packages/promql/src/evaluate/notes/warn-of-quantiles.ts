import { isQuantile } from '../../functions/functions.js';
import type { Place } from '../../syntax/expression.js';
import type { Run } from '../run.js';
import { formatShort } from './format-number.js';

/** Warns of quantiles that are not between 0 and 1. Asked for the parameter of a function or aggregation, all steps at once. */
export function warnOfQuantiles(quantiles: Float64Array, place: Place, run: Run): void {
  for (const quantile of quantiles) {
    if (isQuantile(quantile)) continue;
    run.notes.warn(`quantile value should be between 0 and 1, got ${formatShort(quantile)}`, place);
  }
}
