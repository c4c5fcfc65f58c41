import type { Run } from '../run.js';
import type { SeriesIdentity } from './series-identity.js';
import { type VectorBlock, vectorBlock } from './values.js';

const EMPTY = vectorBlock([], 1, new Float64Array(0));

/** Some series of a block with a single step, in this order. */
export function rowsInOrder(
  { series, values }: VectorBlock,
  order: readonly number[],
  run: Run,
): VectorBlock {
  if (order.length === 0) return EMPTY;
  const ordered = run.reserve(order.length);
  for (let place = 0; place < order.length; place++)
    ordered[place] = values[order[place] as number] as number;
  return vectorBlock(
    order.map((row) => series[row] as SeriesIdentity),
    1,
    ordered,
  );
}
