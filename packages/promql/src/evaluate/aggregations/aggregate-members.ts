import { quantileOf, RunningMean, RunningVariance } from '../../functions/functions.js';
import { inTurns, type Outcome } from '../turns.js';
import { addColumns } from './aggregate-columns.js';
import type { ComputeGroups, GroupInput } from './aggregate-groups.js';

/** `avg`: the compensated sum by the count; where the sum passes the largest double, a mean that moves with each value. */
export const meansOfGroups: ComputeGroups = (input, results, finish) => {
  const lost = new Float64Array(results.length);
  return addColumns(input, results, lost, () =>
    divideSums(input.sizes, results, lost) ? finish() : moveMeans(input, results, finish),
  );
};

/** False when a sum is infinite or NaN: a part of it may have passed the largest double. */
function divideSums(sizes: Float64Array, sums: Float64Array, lost: Float64Array): boolean {
  let areFinite = true;
  for (let at = 0; at < sums.length; at++) {
    const size = sizes[at] as number;
    if (size === 0) continue;
    if (!Number.isFinite(sums[at])) areFinite = false;
    else sums[at] = (sums[at] as number) / size + (lost[at] as number) / size;
  }
  return areFinite;
}

function moveMeans(input: GroupInput, results: Float64Array, finish: () => Outcome): Outcome {
  const mean = new RunningMean();
  const moveMean = (members: Float64Array, at: number) => {
    if (Number.isFinite(results[at])) return;
    mean.reset();
    for (const value of members) mean.add(value);
    results[at] = mean.value;
  };
  return forEachGroup(input, moveMean, finish);
}

/** `stdvar` and `stddev`. */
export function variancesOfGroups(resultOf: (variance: number) => number): ComputeGroups {
  return (input, results, finish) => {
    const variance = new RunningVariance();
    const computeVariance = (members: Float64Array, at: number) => {
      variance.reset();
      for (const value of members) variance.add(value);
      results[at] = resultOf(variance.value);
    };
    return forEachGroup(input, computeVariance, finish);
  };
}

/** `quantile`. */
export const quantilesOfGroups: ComputeGroups = (input, results, finish) => {
  const computeQuantile = (members: Float64Array, at: number, step: number) => {
    results[at] = quantileOf(members, input.parameter?.[step] as number);
  };
  return forEachGroup(input, computeQuantile, finish);
};

/** Calls for every group and step that has members, with their values in a column that is used again. */
function forEachGroup(
  { block, grouping }: GroupInput,
  compute: (members: Float64Array, at: number, step: number) => void,
  finish: () => Outcome,
): Outcome {
  const { steps, values, present } = block;
  const rowsOf = rowsByGroup(grouping);
  const members = new Float64Array(rowsOf.reduce((most, rows) => Math.max(most, rows.length), 0));
  const visit = (at: number) => {
    const step = at % steps;
    let count = 0;
    for (const row of rowsOf[Math.floor(at / steps)] ?? [])
      if (!present || present[row * steps + step] === 1)
        members[count++] = values[row * steps + step] as number;
    if (count > 0) compute(members.subarray(0, count), at, step);
    return count + 1;
  };
  return inTurns(rowsOf.length * steps, visit, finish);
}

/** The rows of each group. */
export function rowsByGroup({ groups, groupOf }: GroupInput['grouping']): readonly (readonly number[])[] {
  const rowsOf = groups.map((): number[] => []);
  groupOf.forEach((group, row) => {
    rowsOf[group]?.push(row);
  });
  return rowsOf;
}
