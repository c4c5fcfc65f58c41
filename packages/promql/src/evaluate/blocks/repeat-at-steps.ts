import type { Operation, Run } from '../run.js';
import { type Value, type VectorBlock, vectorBlock } from './values.js';

/** Gives what was evaluated once at every step. */
export function repeatAtSteps(slot: number, scope: number): Operation {
  const operation: Operation = {
    scope,
    evaluate(run) {
      const { steps } = run.gridOf(operation);
      const value = run.take(slot);
      return steps === 1 ? value : repeat(value, steps, run);
    },
  };
  return operation;
}

function repeat(value: Value, steps: number, run: Run): Value {
  switch (value.kind) {
    case 'scalar':
      return { kind: 'scalar', values: run.reserve(steps).fill(value.values[0] ?? 0) };
    case 'vector':
      return repeatRows(value, steps, run);
    default:
      return value;
  }
}

/** With one step there is no series without a value, so nothing is absent. */
function repeatRows({ series, values }: VectorBlock, steps: number, run: Run): VectorBlock {
  const repeated = run.reserve(series.length * steps);
  for (let row = 0; row < series.length; row++)
    repeated.fill(values[row] as number, row * steps, (row + 1) * steps);
  return vectorBlock(series, steps, repeated);
}
