import { dropNames, rememberLast, renameSeries } from '../blocks/merge-series.js';
import { rowsInOrder } from '../blocks/rows-in-order.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import type { Operation, Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import { type BinaryPlan, computeNumber, keepsName } from './compile-binary.js';
import { type Comparison, comparisonOf } from './operators.js';

type Compute = (left: number, right: number) => number;

/** An operation between a vector and a number: every value for itself. */
export function vectorWithScalar({ binary, leftSlot, rightSlot, scope }: BinaryPlan): Operation {
  const isScalarLeft = binary.left.type === 'scalar';
  const [vectorSlot, scalarSlot] = isScalarLeft ? [rightSlot, leftSlot] : [leftSlot, rightSlot];
  const withoutNames = rememberLast(dropNames);
  const compare = swapped(comparisonOf(binary.operator), isScalarLeft);
  const compute = swapped(computeNumber(binary), isScalarLeft) as Compute;
  const isFilter = keepsName(binary);
  return {
    scope,
    evaluate(run) {
      const block = run.takeVector(vectorSlot);
      const scalars = run.takeScalar(scalarSlot);
      if (isFilter) return filter(block, scalars, compare as Comparison, run);
      return computeAll(block, scalars, compute, () => renameSeries(block, withoutNames(block.series), run));
    },
  };
}

/** With the vector always first. */
function swapped<Result>(
  operate: ((left: number, right: number) => Result) | undefined,
  isScalarLeft: boolean,
): ((left: number, right: number) => Result) | undefined {
  if (!operate || !isScalarLeft) return operate;
  return (value, scalar) => operate(scalar, value);
}

function computeAll(
  { series, steps, values }: VectorBlock,
  scalars: Float64Array,
  compute: Compute,
  finish: () => VectorBlock,
): Outcome {
  const computeRow = (row: number) => {
    for (let step = 0, at = row * steps; step < steps; step++, at++)
      values[at] = compute(values[at] as number, scalars[step] as number);
    return steps;
  };
  return inTurns(series.length, computeRow, finish);
}

function filter(block: VectorBlock, scalars: Float64Array, compare: Comparison, run: Run): Outcome {
  const { series, steps, values } = block;
  if (steps === 1) return filterStep(block, scalars[0] as number, compare, run);
  const present = block.present ?? new Uint8Array(values.length).fill(1);
  const filterRow = (row: number) => {
    for (let step = 0, at = row * steps; step < steps; step++, at++)
      if (!compare(values[at] as number, scalars[step] as number)) present[at] = 0;
    return steps;
  };
  return inTurns(series.length, filterRow, () =>
    withoutEmptySeries(vectorBlock(series, steps, values, present)),
  );
}

/** What rules do all day: nothing is absent in a single step, and mostly nothing passes. */
function filterStep(block: VectorBlock, scalar: number, compare: Comparison, run: Run): VectorBlock {
  const { values } = block;
  const passing: number[] = [];
  for (let row = 0; row < values.length; row++) if (compare(values[row] as number, scalar)) passing.push(row);
  return passing.length === values.length ? block : rowsInOrder(block, passing, run);
}
