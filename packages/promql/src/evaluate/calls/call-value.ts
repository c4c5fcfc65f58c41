import { functionNotes, type ValueFunction } from '../../functions/functions.js';
import type { Call } from '../../syntax/expression.js';
import { dropNames, rememberLast, renameSeries } from '../blocks/merge-series.js';
import { NO_LABELS } from '../blocks/series-identity.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import { timesOf } from '../program/grid.js';
import type { Compiler } from '../program/program.js';
import type { Operation, Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';

/** A call of a function over each value, such as `abs(m)` or `clamp(m, 0, 1)`. */
export function compileValueCall(
  call: Call,
  compute: ValueFunction,
  scope: number,
  compiler: Compiler,
): number {
  const [vector, ...parameters] = call.arguments;
  const vectorSlot = vector ? compiler.compile(vector, scope) : compiler.add(timeVector(scope));
  const parameterSlots = parameters.map((parameter) => compiler.compile(parameter, scope));
  return compiler.add(new ValueCall(call, compute, scope, vectorSlot, parameterSlots));
}

/** `vector(time())`, which functions of the calendar take without an argument. */
function timeVector(scope: number): Operation {
  const operation: Operation = {
    scope,
    evaluate(run) {
      const grid = run.gridOf(operation);
      const seconds = timesOf(grid).map((timeMs) => timeMs / 1000);
      return vectorBlock(grid.steps === 0 ? [] : [NO_LABELS], grid.steps, seconds);
    },
  };
  return operation;
}

class ValueCall implements Operation {
  readonly #withoutNames = rememberLast(dropNames);
  readonly #isEmptyFor: ((parameters: readonly number[]) => boolean) | undefined;

  constructor(
    readonly call: Call,
    readonly compute: ValueFunction,
    readonly scope: number,
    readonly vectorSlot: number,
    readonly parameterSlots: readonly number[],
  ) {
    this.#isEmptyFor = functionNotes.get(call.function)?.isEmptyFor;
  }

  evaluate(run: Run): Outcome {
    const block = run.takeVector(this.vectorSlot);
    const parameters = this.parameterSlots.map((slot) => run.takeScalar(slot));
    const { series, steps, values } = block;
    const parametersAt = Array.from({ length: steps }, (_, step) =>
      parameters.map((each) => each[step] as number),
    );
    const computeRow = (row: number) => {
      for (let step = 0, at = row * steps; step < steps; step++, at++)
        values[at] = this.compute(values[at] as number, parametersAt[step] as number[]);
      return steps;
    };
    return inTurns(series.length, computeRow, () => {
      // Before the names go: what is not there cannot be there twice.
      const kept = this.#isEmptyFor ? dropSteps(block, parametersAt.map(this.#isEmptyFor)) : block;
      return renameSeries(kept, this.#withoutNames(kept.series), run);
    });
  }
}

function dropSteps(block: VectorBlock, isDropped: readonly boolean[]): VectorBlock {
  if (!isDropped.includes(true)) return block;
  const { series, steps, values } = block;
  const present = block.present ?? new Uint8Array(values.length).fill(1);
  isDropped.forEach((drop, step) => {
    if (drop) for (let row = 0; row < series.length; row++) present[row * steps + step] = 0;
  });
  return withoutEmptySeries(vectorBlock(series, steps, values, present));
}
