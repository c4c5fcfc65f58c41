import type { Aggregation } from '../../syntax/expression.js';
import { NO_LABELS, type SeriesIdentity, signatureOf, signatureWithout } from '../blocks/series-identity.js';

/** Which series belong together. */
export interface Grouping {
  readonly groups: readonly SeriesIdentity[];
  /** The group of each series. */
  readonly groupOf: Int32Array;
}

/** Sorts series into the groups of an aggregation, in the order in which they first appear. */
export function groupSeries(
  series: readonly SeriesIdentity[],
  { mode, labels }: Aggregation['grouping'],
): Grouping {
  const groupOf = new Int32Array(series.length);
  if (mode === 'by' && labels.length === 0)
    return { groups: series.length === 0 ? [] : [NO_LABELS], groupOf };
  const dropped = new Set(labels);
  const groups: SeriesIdentity[] = [];
  const numbers = new Map<string, number>();
  series.forEach((each, row) => {
    const signature = mode === 'by' ? signatureOf(each, labels) : signatureWithout(each, dropped);
    let number = numbers.get(signature);
    if (number === undefined) {
      numbers.set(signature, (number = groups.length));
      groups.push(mode === 'by' ? each.keep(labels) : each.withoutName().drop(dropped));
    }
    groupOf[row] = number;
  });
  return { groups, groupOf };
}
