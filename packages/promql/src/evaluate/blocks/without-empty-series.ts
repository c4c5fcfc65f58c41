import type { SeriesIdentity } from './series-identity.js';
import { type VectorBlock, vectorBlock } from './values.js';

/** The block without the series that have no value left. Moves the others together, in place. */
export function withoutEmptySeries(block: VectorBlock): VectorBlock {
  const { series, steps, values, present } = block;
  if (!present) return block;
  const kept: SeriesIdentity[] = [];
  for (let row = 0; row < series.length; row++) {
    const [from, to] = [row * steps, (row + 1) * steps];
    if (!hasValue(present, from, to)) continue;
    if (kept.length < row) {
      values.copyWithin(kept.length * steps, from, to);
      present.copyWithin(kept.length * steps, from, to);
    }
    kept.push(series[row] as SeriesIdentity);
  }
  if (kept.length === series.length) return block;
  const length = kept.length * steps;
  return vectorBlock(kept, steps, values.subarray(0, length), present.subarray(0, length));
}

function hasValue(present: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (present[at] === 1) return true;
  return false;
}
