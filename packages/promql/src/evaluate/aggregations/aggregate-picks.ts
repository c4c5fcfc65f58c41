import { PromqlError } from '../../promql-error.js';
import type { Aggregation, Expression } from '../../syntax/expression.js';
import { rememberLast } from '../blocks/merge-series.js';
import { rowsInOrder } from '../blocks/rows-in-order.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import { vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import { formatShort } from '../notes/format-number.js';
import type { Compiler } from '../program/program.js';
import type { Operation, Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import { rowsByGroup } from './aggregate-members.js';
import { groupSeries } from './grouping.js';
import { limitFirst, limitRatio, type Pick, pickLargest, pickSmallest } from './picks.js';

const PICKS: Readonly<Record<string, Pick>> = {
  topk: pickLargest,
  bottomk: pickSmallest,
  limitk: limitFirst,
  limit_ratio: limitRatio,
};

/** An aggregation that keeps some series of each group as they are: `topk`, `bottomk`, `limitk`, `limit_ratio`. */
export function compilePick(aggregation: Aggregation, scope: number, compiler: Compiler): number {
  const parameterSlot = compiler.compile(aggregation.parameter as Expression, scope);
  return compiler.add(
    new PickOperation(aggregation, scope, parameterSlot, compiler.compile(aggregation.expression, scope)),
  );
}

class PickOperation implements Operation {
  readonly #rowsOf = rememberLast((series: readonly SeriesIdentity[]) =>
    rowsByGroup(groupSeries(series, this.aggregation.grouping)),
  );

  constructor(
    readonly aggregation: Aggregation,
    readonly scope: number,
    readonly parameterSlot: number,
    readonly vectorSlot: number,
  ) {}

  evaluate(run: Run): Outcome {
    const limits = run.takeScalar(this.parameterSlot);
    const block = run.takeVector(this.vectorSlot);
    const { series, steps, values } = block;
    if (!this.#mayKeepAny(limits, run)) return vectorBlock([], steps, new Float64Array(0));
    const rowsOf = this.#rowsOf(series);
    const pick = PICKS[this.aggregation.operator] as Pick;
    if (steps === 1)
      return rowsInOrder(
        block,
        rowsOf.flatMap((rows) => pick(rows, block, 0, limits[0] as number)),
        run,
      );
    const isKept = new Uint8Array(values.length);
    const pickStep = (step: number) => {
      for (const rows of rowsOf)
        for (const row of pick(rows, block, step, limits[step] as number)) isKept[row * steps + step] = 1;
      return series.length;
    };
    return inTurns(steps, pickStep, () => withoutEmptySeries(vectorBlock(series, steps, values, isKept)));
  }

  /** Looks at the parameter of all steps at once, as Prometheus does. */
  #mayKeepAny(limits: Float64Array, run: Run): boolean {
    const [least, most] = [
      limits.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      limits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    ];
    if (this.aggregation.operator === 'limit_ratio') return this.#checkRatio(least, most, run);
    if (Number.isNaN(most)) throw new PromqlError('execution', 'Parameter value is NaN');
    if (most < 1) return false;
    if (least <= -(2 ** 63))
      throw new PromqlError('execution', `Scalar value ${formatShort(least)} underflows int64`);
    if (most >= 2 ** 63)
      throw new PromqlError('execution', `Scalar value ${formatShort(most)} overflows int64`);
    return true;
  }

  #checkRatio(least: number, most: number, run: Run): boolean {
    if (Number.isNaN(most)) throw new PromqlError('execution', 'Ratio value is NaN');
    if (most > 1) this.#warnOfRatio(most, 1, run);
    if (least < -1) this.#warnOfRatio(least, -1, run);
    return least !== 0 || most !== 0;
  }

  #warnOfRatio(ratio: number, bound: number, run: Run): void {
    const text = `ratio value should be between -1 and 1, got ${formatShort(ratio)}, capping to ${bound}`;
    run.notes.warn(text, this.aggregation.parameter as Expression);
  }
}
