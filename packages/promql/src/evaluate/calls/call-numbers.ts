import type { RangeSpan } from '../../evaluate-options.js';
import type { Call, Expression } from '../../syntax/expression.js';
import { dropNames, rememberLast, renameSeries } from '../blocks/merge-series.js';
import { NO_LABELS } from '../blocks/series-identity.js';
import { type ScalarColumn, type VectorBlock, vectorBlock } from '../blocks/values.js';
import { timesOf } from '../program/grid.js';
import type { Compiler } from '../program/program.js';
import type { Operation, Run } from '../run.js';
import { instantSelector } from '../selectors/select-instant.js';
import { withoutParentheses } from './without-parentheses.js';

/** A number that is the same at every step of a query. */
export function compileConstant(constantOf: (query: { readonly span: RangeSpan }) => number) {
  return (_call: Call, scope: number, compiler: Compiler): number => {
    const operation: Operation = {
      scope,
      evaluate: (run) => scalar(run.reserve(run.gridOf(operation).steps).fill(constantOf(run.inputs))),
    };
    return compiler.add(operation);
  };
}

/** `time()`: the step itself, in seconds. */
export function compileTime(_call: Call, scope: number, compiler: Compiler): number {
  const operation: Operation = {
    scope,
    evaluate: (run) => scalar(timesOf(run.gridOf(operation)).map((timeMs) => timeMs / 1000)),
  };
  return compiler.add(operation);
}

/** `min_of(a, b)` and `max_of(a, b)`; NaN if one of them is. */
export function compileExtreme(extremeOf: (left: number, right: number) => number) {
  return (call: Call, scope: number, compiler: Compiler): number => {
    const [left, right] = call.arguments.map((argument) => compiler.compile(argument, scope));
    return compiler.add({
      scope,
      evaluate(run) {
        const rights = run.takeScalar(right as number);
        return scalar(
          run.takeScalar(left as number).map((value, step) => extremeOf(value, rights[step] as number)),
        );
      },
    });
  };
}

/** `vector(s)`. */
export function compileVector(call: Call, scope: number, compiler: Compiler): number {
  const slot = compiler.compile(call.arguments[0] as Expression, scope);
  return compiler.add({
    scope,
    evaluate(run) {
      const values = run.takeScalar(slot);
      // A copy: scalars are shared, blocks belong to whoever takes them.
      return vectorBlock(values.length === 0 ? [] : [NO_LABELS], values.length, values.slice());
    },
  });
}

/** `scalar(v)`: the value of the only series; NaN with none or several. */
export function compileScalar(call: Call, scope: number, compiler: Compiler): number {
  const slot = compiler.compile(call.arguments[0] as Expression, scope);
  const operation: Operation = {
    scope,
    evaluate(run) {
      const only = run.reserve(run.gridOf(operation).steps).fill(Number.NaN);
      return scalar(onlyValues(run.takeVector(slot), only));
    },
  };
  return compiler.add(operation);
}

function onlyValues({ series, steps, values, present }: VectorBlock, only: Float64Array): Float64Array {
  for (let step = 0; step < steps; step++) {
    let found = 0;
    for (let row = 0; row < series.length; row++) {
      if (present && present[row * steps + step] === 0) continue;
      only[step] = values[row * steps + step] as number;
      found++;
    }
    if (found > 1) only[step] = Number.NaN;
  }
  return only;
}

/** `timestamp(v)`: of a plain selector, the times of the samples themselves; of anything else, the step. */
export function compileTimestamp(call: Call, scope: number, compiler: Compiler): number {
  const vector = call.arguments[0] as Expression;
  const selector = withoutParentheses(vector);
  const slot =
    selector.kind === 'selector'
      ? compiler.add(instantSelector(compiler.addSelector(selector, scope), scope, selector, 'time'))
      : compiler.add(timesOfSteps(compiler.compile(vector, scope), scope));
  const withoutNames = rememberLast(dropNames);
  return compiler.add({
    scope,
    evaluate(run) {
      const block = run.takeVector(slot);
      return renameSeries(block, withoutNames(block.series), run);
    },
  });
}

function timesOfSteps(slot: number, scope: number): Operation {
  const operation: Operation = {
    scope,
    evaluate(run: Run) {
      const { series, steps, values, present } = run.takeVector(slot);
      const seconds = timesOf(run.gridOf(operation)).map((timeMs) => timeMs / 1000);
      for (let row = 0; row < series.length; row++) values.set(seconds, row * steps);
      return vectorBlock(series, steps, values, present);
    },
  };
  return operation;
}

function scalar(values: Float64Array): ScalarColumn {
  return { kind: 'scalar', values };
}
