import type { Aggregation, Expression } from '../../syntax/expression.js';
import { rememberLast } from '../blocks/merge-series.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { warnOfQuantiles } from '../notes/warn-of-quantiles.js';
import type { Compiler } from '../program/program.js';
import type { Operation } from '../run.js';
import type { Outcome } from '../turns.js';
import { type Grouping, groupSeries } from './grouping.js';

/** What an aggregation computes of. */
export interface GroupInput {
  readonly block: VectorBlock;
  readonly grouping: Grouping;
  /** How many members each group has at each step: `group * steps + step`. */
  readonly sizes: Float64Array;
  /** The parameter at each step, for those that have one. */
  readonly parameter: Float64Array | undefined;
}

/** Fills the results, `group * steps + step`, and then gives what `finish` gives. What is at steps at which a group has no members does not matter. */
export type ComputeGroups = (input: GroupInput, results: Float64Array, finish: () => Outcome) => Outcome;

/** An aggregation that gives one series for each group. */
export function compileGrouped(
  aggregation: Aggregation,
  compute: ComputeGroups,
  scope: number,
  compiler: Compiler,
): number {
  const { expression, parameter, grouping } = aggregation;
  const parameterSlot = parameter && compiler.compile(parameter, scope);
  const slot = compiler.compile(expression, scope);
  const groupingOf = rememberLast((series: readonly SeriesIdentity[]) => groupSeries(series, grouping));
  const operation: Operation = {
    scope,
    evaluate(run) {
      const column = parameterSlot === undefined ? undefined : run.takeScalar(parameterSlot);
      if (column) warnOfQuantiles(column, parameter as Expression, run);
      const block = run.takeVector(slot);
      const groups = groupingOf(block.series);
      const sizes = sizesOf(block, groups);
      const results = run.reserve(sizes.length);
      const input = { block, grouping: groups, sizes, parameter: column };
      return compute(input, results, () =>
        vectorBlock(groups.groups, block.steps, results, block.present && presenceOf(sizes)),
      );
    },
  };
  return compiler.add(operation);
}

function sizesOf({ series, steps, present }: VectorBlock, { groups, groupOf }: Grouping): Float64Array {
  const sizes = new Float64Array(groups.length * steps);
  for (let row = 0; row < series.length; row++) {
    const [from, to] = [row * steps, (groupOf[row] as number) * steps];
    for (let step = 0; step < steps; step++)
      sizes[to + step] = (sizes[to + step] as number) + (present ? (present[from + step] as number) : 1);
  }
  return sizes;
}

function presenceOf(sizes: Float64Array): Uint8Array {
  const present = new Uint8Array(sizes.length);
  for (let at = 0; at < sizes.length; at++) present[at] = sizes[at] === 0 ? 0 : 1;
  return present;
}
