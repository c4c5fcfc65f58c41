import { PromqlError } from '../../promql-error.js';
import type { Run } from '../run.js';
import type { SeriesIdentity } from './series-identity.js';
import { type VectorBlock, vectorBlock } from './values.js';

/** Series after an operation that may have made several into one. */
export interface RenamedSeries {
  readonly series: readonly SeriesIdentity[];
  /** Some of them are equal. */
  readonly hasRepeats: boolean;
}

/**
 * Remembers the last result by the array that it was made of. Sources that give the same series give the same array, so that what an
 * operation finds out about series it finds out once.
 */
export function rememberLast<Input extends object, Result>(
  compute: (input: Input) => Result,
): (input: Input) => Result {
  let lastInput: Input | undefined;
  let lastResult: Result | undefined;
  return (input) => {
    if (input !== lastInput || lastResult === undefined) {
      lastResult = compute(input);
      lastInput = input;
    }
    return lastResult;
  };
}

export function dropNames(series: readonly SeriesIdentity[]): RenamedSeries {
  const name = series[0]?.name ?? '';
  // Series with one name differ in their labels.
  if (series.every((each) => each.name === name))
    return { series: name === '' ? series : series.map((each) => each.withoutName()), hasRepeats: false };
  return checkRepeats(series.map((each) => each.withoutName()));
}

export function checkRepeats(series: readonly SeriesIdentity[]): RenamedSeries {
  return { series, hasRepeats: new Set(series.map(({ key }) => key)).size < series.length };
}

/** The block with other series. Equal ones become one; throws PromqlError when two of them have a value at the same step. */
export function renameSeries(block: VectorBlock, renamed: RenamedSeries, run: Run): VectorBlock {
  const { steps, values, present } = block;
  if (!renamed.hasRepeats) return vectorBlock(renamed.series, steps, values, present);
  return mergeRepeats(vectorBlock(renamed.series, steps, values, present), run);
}

function mergeRepeats(block: VectorBlock, run: Run): VectorBlock {
  const { steps, values, present } = block;
  const rows = new Map<string, number>();
  const series: SeriesIdentity[] = [];
  for (const each of block.series) {
    if (rows.has(each.key)) continue;
    rows.set(each.key, series.length);
    series.push(each);
  }
  const merged = run.reserve(series.length * steps);
  const isFilled = new Uint8Array(merged.length);
  block.series.forEach((each, row) => {
    const target = (rows.get(each.key) as number) * steps;
    for (let step = 0; step < steps; step++) {
      if (present && present[row * steps + step] === 0) continue;
      if (isFilled[target + step] === 1) throw sameLabels();
      isFilled[target + step] = 1;
      merged[target + step] = values[row * steps + step] as number;
    }
  });
  return vectorBlock(series, steps, merged, isFilled);
}

export function sameLabels(): PromqlError {
  return new PromqlError('execution', 'vector cannot contain metrics with the same labelset');
}
