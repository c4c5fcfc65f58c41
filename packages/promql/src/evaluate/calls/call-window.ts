import {
  type FunctionNote,
  functionNotes,
  looksLikeCounter,
  type Window,
  type WindowFunction,
} from '../../functions/functions.js';
import type { Call, Expression } from '../../syntax/expression.js';
import { quoteText } from '../../syntax/go-quote.js';
import { BlockBuilder } from '../blocks/block-builder.js';
import { dropNames, type RenamedSeries, rememberLast, sameLabels } from '../blocks/merge-series.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import { type Columns, type RangeVector, type VectorBlock, vectorBlock } from '../blocks/values.js';
import { warnOfQuantiles } from '../notes/warn-of-quantiles.js';
import type { Compiler } from '../program/program.js';
import type { Operation, Run } from '../run.js';
import { inTurnsUntilDone, type Outcome, TURN_SAMPLES } from '../turns.js';

/** A call of a function over windows, such as `rate(m[5m])` or `quantile_over_time(0.9, m[1h])`. */
export function compileWindowCall(
  call: Call,
  compute: WindowFunction,
  scope: number,
  compiler: Compiler,
): number {
  const rangeArgument = call.arguments.find(({ type }) => type === 'matrix') as Expression;
  const parameters = call.arguments
    .filter((argument) => argument !== rangeArgument)
    .map((argument) => compiler.compile(argument, scope));
  const rangeSlot = compiler.compile(rangeArgument, scope);
  return compiler.add(new WindowCall(call, compute, scope, rangeSlot, parameters));
}

class WindowCall implements Operation {
  readonly #note: FunctionNote;
  readonly #withoutNames = rememberLast(dropNames);

  constructor(
    readonly call: Call,
    readonly compute: WindowFunction,
    readonly scope: number,
    readonly rangeSlot: number,
    readonly parameterSlots: readonly number[],
  ) {
    this.#note = functionNotes.get(call.function) ?? {};
  }

  evaluate(run: Run): Outcome {
    const range = run.takeRange(this.rangeSlot);
    const parameters = this.parameterSlots.map((slot) => run.takeScalar(slot));
    const { fromMs, stepMs, steps } = run.gridOf(this);
    const builder = new BlockBuilder(run, range.series, steps);
    const walk = new WindowWalk(range, fromMs, stepMs, builder);
    let row = 0;
    const advance = () => {
      if (row === range.series.length) return undefined;
      if (walk.step === 0) walk.enter(range.columns[row] as Columns);
      const visited = walk.advance(this.compute, parameters);
      if (walk.step < steps) builder.interruptRow();
      else {
        builder.endRow(range.series[row++] as SeriesIdentity, walk.found);
        walk.step = 0;
      }
      return visited;
    };
    return inTurnsUntilDone(advance, () => this.#finish(builder.build(), parameters, run));
  }

  #finish(block: VectorBlock, parameters: readonly Float64Array[], run: Run): VectorBlock {
    const { expectsCounter, quantileArgument, keepsName } = this.#note;
    if (block.series.length > 0 && quantileArgument !== undefined)
      warnOfQuantiles(
        parameters[quantileArgument] as Float64Array,
        this.call.arguments[quantileArgument] as Expression,
        run,
      );
    if (expectsCounter) this.#checkNames(block.series, run);
    return keepsName ? block : namedAnew(block, this.#withoutNames(block.series));
  }

  #checkNames(series: readonly SeriesIdentity[], run: Run): void {
    for (const { name } of series) {
      if (looksLikeCounter(name)) continue;
      const text = `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${quoteText(name)}`;
      run.notes.inform(text, this.call.arguments[0] as Expression);
    }
  }
}

/** Over windows, Prometheus does not make equal series into one even where their values do not meet. */
function namedAnew(block: VectorBlock, renamed: RenamedSeries): VectorBlock {
  if (renamed.hasRepeats) throw sameLabels();
  return vectorBlock(renamed.series, block.steps, block.values, block.present);
}

/** Slides the window over the columns of one series after another: no search for a step, no object for a sample. */
class WindowWalk {
  readonly #window: { -readonly [Key in keyof Window]: Window[Key] };
  /** The values of the parameters at the step. */
  readonly #parameters: number[] = [];
  /** The next one of the series at hand. */
  step = 0;
  /** How many steps before it have a value. */
  found = 0;

  constructor(
    readonly range: RangeVector,
    readonly fromMs: number,
    readonly stepMs: number,
    readonly builder: BlockBuilder,
  ) {
    const none = new Float64Array(0);
    this.#window = { timesMs: none, values: none, from: 0, to: 0, startMs: 0, endMs: 0, evaluatedAtMs: 0 };
  }

  /**
   * Goes on for a turn, or to the end of the series, and gives how many samples it looked at. Long windows at many steps are more work
   * than anybody may do at once, even in a single series.
   */
  advance(compute: WindowFunction, parameters: readonly Float64Array[]): number {
    const { steps, offset, flags, values: results } = this.builder;
    let { step, found } = this;
    let visited = 1;
    for (; step < steps && visited < TURN_SAMPLES; step++) {
      this.#moveTo(step);
      visited += 1 + this.#window.to - this.#window.from;
      for (let at = 0; at < parameters.length; at++) this.#parameters[at] = parameters[at]?.[step] as number;
      const isEmpty = this.#window.from === this.#window.to;
      const result = isEmpty ? undefined : compute(this.#window, this.#parameters);
      flags[step] = result === undefined ? 0 : 1;
      if (result === undefined) continue;
      results[offset + step] = result;
      found++;
    }
    this.step = step;
    this.found = found;
    return visited;
  }

  enter({ timesMs, values }: Columns): void {
    const window = this.#window;
    window.timesMs = timesMs;
    window.values = values;
    window.from = 0;
    window.to = 0;
    this.found = 0;
  }

  #moveTo(step: number): void {
    const { ends, rangeMs } = this.range;
    const window = this.#window;
    const { timesMs } = window;
    const endMs = ends.firstMs + step * ends.stepMs;
    const startMs = endMs - rangeMs;
    let { from, to } = window;
    while (to < timesMs.length && (timesMs[to] as number) <= endMs) to++;
    while (from < to && (timesMs[from] as number) <= startMs) from++;
    window.from = from;
    window.to = to;
    window.startMs = startMs;
    window.endMs = endMs;
    window.evaluatedAtMs = this.fromMs + step * this.stepMs;
  }
}
