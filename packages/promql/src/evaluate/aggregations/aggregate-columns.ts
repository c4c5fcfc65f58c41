import { lostInSum } from '../../functions/functions.js';
import { inTurns, type Outcome } from '../turns.js';
import type { ComputeGroups, GroupInput } from './aggregate-groups.js';

/** `sum`: compensated, so that the order of the series hardly matters. */
export const sumsOfGroups: ComputeGroups = (input, results, finish) => {
  const lost = new Float64Array(results.length);
  return addColumns(input, results, lost, () => {
    for (let at = 0; at < results.length; at++) results[at] = (results[at] as number) + (lost[at] as number);
    return finish();
  });
};

/** Adds every column to that of its group; what the sum lost goes to `lost`. */
export function addColumns(
  { block, grouping }: GroupInput,
  sums: Float64Array,
  lost: Float64Array,
  finish: () => Outcome,
): Outcome {
  const { series, steps, values, present } = block;
  const addRow = (row: number) => {
    let [from, to] = [row * steps, (grouping.groupOf[row] as number) * steps];
    for (const end = from + steps; from < end; from++, to++) {
      if (present && present[from] === 0) continue;
      const value = values[from] as number;
      const sum = sums[to] as number;
      const total = sum + value;
      sums[to] = total;
      // Infinity minus infinity is NaN, which must not spoil an infinite sum.
      lost[to] = total - total === 0 ? (lost[to] as number) + lostInSum(sum, value, total) : 0;
    }
    return steps;
  };
  return inTurns(series.length, addRow, finish);
}

/** `min` and `max`: NaN only when there is nothing else. */
export function extremeOfGroups(isBetter: (value: number, best: number) => boolean): ComputeGroups {
  return ({ block, grouping }, results, finish) => {
    const { series, steps, values, present } = block;
    results.fill(Number.NaN);
    const compareRow = (row: number) => {
      let [from, to] = [row * steps, (grouping.groupOf[row] as number) * steps];
      for (const end = from + steps; from < end; from++, to++) {
        if (present && present[from] === 0) continue;
        const value = values[from] as number;
        const best = results[to] as number;
        if (isBetter(value, best) || Number.isNaN(best)) results[to] = value;
      }
      return steps;
    };
    return inTurns(series.length, compareRow, finish);
  };
}

/** `count` and `group`. */
export function sizesOfGroups(resultOf: (count: number) => number): ComputeGroups {
  return ({ sizes }, results, finish) => {
    for (let at = 0; at < sizes.length; at++) results[at] = resultOf(sizes[at] as number);
    return finish();
  };
}
