import type { SeriesIdentity } from '../blocks/series-identity.js';
import type { VectorBlock } from '../blocks/values.js';

/** Chooses among the rows of a group at a step, and gives them in the order of the result. */
export type Pick = (
  rows: readonly number[],
  block: VectorBlock,
  step: number,
  limit: number,
) => readonly number[];

/** `topk`: largest first, NaN last. */
export const pickLargest: Pick = (rows, block, step, limit) =>
  pickBest(rows, block, step, limit, (left, right) => left > right);

/** `bottomk`: smallest first, NaN last. */
export const pickSmallest: Pick = (rows, block, step, limit) =>
  pickBest(rows, block, step, limit, (left, right) => left < right);

/** `limitk`: the first ones. */
export const limitFirst: Pick = (rows, block, step, limit) =>
  presentRows(rows, block, step).slice(0, Math.max(0, Math.trunc(limit)));

/** `limit_ratio`: about that part of the series, always the same ones; a negative ratio gives exactly those that its complement leaves out. */
export const limitRatio: Pick = (rows, block, step, limit) => {
  const ratio = Math.max(-1, Math.min(1, limit));
  return presentRows(rows, block, step).filter((row) => {
    const place = placeOf(block.series[row] as SeriesIdentity);
    return ratio >= 0 ? place < ratio : place >= 1 + ratio;
  });
};

function presentRows(
  rows: readonly number[],
  { present, steps }: VectorBlock,
  step: number,
): readonly number[] {
  return present ? rows.filter((row) => present[row * steps + step] === 1) : rows;
}

type IsBetter = (left: number, right: number) => boolean;

function pickBest(
  rows: readonly number[],
  block: VectorBlock,
  step: number,
  limit: number,
  isBetter: IsBetter,
): readonly number[] {
  const candidates = presentRows(rows, block, step);
  const count = Math.min(Math.trunc(limit), candidates.length);
  if (count < 1) return [];
  const precedes = (left: number, right: number) =>
    isAhead(valueAt(block, left, step), valueAt(block, right, step), isBetter);
  return count <= FEW ? insertBest(candidates, count, precedes) : sortBest(candidates, count, precedes);
}

/** Up to so many, keeping the best in order while looking at each once is quicker than sorting all. */
const FEW = 50;

/** Of equal values, those that come first are picked. */
function insertBest(candidates: readonly number[], count: number, precedes: IsBetter): readonly number[] {
  const best: number[] = [];
  for (const row of candidates) {
    if (best.length === count && !precedes(row, best[count - 1] as number)) continue;
    let place = Math.min(best.length, count - 1);
    for (; place > 0 && precedes(row, best[place - 1] as number); place--)
      best[place] = best[place - 1] as number;
    best[place] = row;
  }
  return best;
}

function sortBest(candidates: readonly number[], count: number, precedes: IsBetter): readonly number[] {
  return [...candidates]
    .sort((left, right) => Number(precedes(right, left)) - Number(precedes(left, right)))
    .slice(0, count);
}

function valueAt({ values, steps }: VectorBlock, row: number, step: number): number {
  return values[row * steps + step] as number;
}

function isAhead(left: number, right: number, isBetter: IsBetter): boolean {
  return isBetter(left, right) || (Number.isNaN(right) && !Number.isNaN(left));
}

/** A number from 0 to 1 that depends on the labels alone. FNV-1a with a final mix; Prometheus' own hash has changed between its versions. */
function placeOf({ key }: SeriesIdentity): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
