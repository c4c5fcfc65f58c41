import { PromqlError } from '../../promql-error.js';
import type { Aggregation, Expression } from '../../syntax/expression.js';
import { quoteText } from '../../syntax/go-quote.js';
import { NO_LABELS, SeriesIdentity } from '../blocks/series-identity.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { textOf } from '../calls/without-parentheses.js';
import { formatPlain } from '../notes/format-number.js';
import type { Compiler } from '../program/program.js';
import type { Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import { groupSeries } from './grouping.js';

/** `count_values(label, v)`: how many series of a group have which value; the value goes into the label. */
export function compileCountValues(aggregation: Aggregation, scope: number, compiler: Compiler): number {
  const slot = compiler.compile(aggregation.expression, scope);
  const label = textOf(aggregation.parameter);
  return compiler.add({
    scope,
    evaluate(run) {
      refuseBrokenLabel(label, aggregation.parameter as Expression);
      return countValues(run.takeVector(slot), aggregation.grouping, label, run);
    },
  });
}

/** Half a surrogate pair, or the mark that decoders leave where a byte was no text. */
const BROKEN_TEXT = /[\p{Cs}\uFFFD]/u;

function refuseBrokenLabel(label: string, place: Expression): void {
  if (label === '' || BROKEN_TEXT.test(label))
    throw new PromqlError('execution', `invalid label name ${quoteText(label)}`, place);
}

function countValues(
  block: VectorBlock,
  grouping: Aggregation['grouping'],
  label: string,
  run: Run,
): Outcome {
  const { series, steps, values, present } = block;
  const { mode } = grouping;
  const counts = new ValueCounts(steps, run);
  // The label that is made belongs to the group, whatever was written.
  const labels = mode === 'by' ? [...grouping.labels, label] : grouping.labels;
  const countRow = (row: number) => {
    const identity = series[row] as SeriesIdentity;
    counts.beginSeries((text) => {
      const marked = SeriesIdentity.ofLabels({ ...identity.toLabels(), [label]: text });
      return groupSeries([marked], { mode, labels }).groups[0] as SeriesIdentity;
    });
    for (let step = 0, at = row * steps; step < steps; step++, at++)
      if (!present || present[at] === 1) counts.add(formatPlain(values[at] as number), step);
    return steps;
  };
  return inTurns(series.length, countRow, () => counts.build());
}

interface CountedSeries {
  readonly identity: SeriesIdentity;
  readonly counts: Float64Array;
}

class ValueCounts {
  readonly #bySeries = new Map<string, CountedSeries>();
  /** Of the series at hand: a value mostly repeats from step to step. */
  readonly #byText = new Map<string, CountedSeries>();
  #identify: (text: string) => SeriesIdentity = () => NO_LABELS;

  constructor(
    readonly steps: number,
    readonly run: Run,
  ) {}

  /** `identify` gives the series that counts a value of this one. */
  beginSeries(identify: (text: string) => SeriesIdentity): void {
    this.#byText.clear();
    this.#identify = identify;
  }

  add(text: string, step: number): void {
    let counted = this.#byText.get(text);
    if (!counted) {
      counted = this.#countedOf(this.#identify(text));
      this.#byText.set(text, counted);
    }
    counted.counts[step] = (counted.counts[step] as number) + 1;
  }

  build(): VectorBlock {
    const all = [...this.#bySeries.values()];
    const values = this.run.reserve(all.length * this.steps);
    all.forEach(({ counts }, row) => {
      values.set(counts, row * this.steps);
    });
    const present = Uint8Array.from(values, (count) => (count === 0 ? 0 : 1));
    return vectorBlock(
      all.map(({ identity }) => identity),
      this.steps,
      values,
      present,
    );
  }

  #countedOf(identity: SeriesIdentity): CountedSeries {
    let counted = this.#bySeries.get(identity.key);
    if (!counted) {
      counted = { identity, counts: new Float64Array(this.steps) };
      this.#bySeries.set(identity.key, counted);
      // Every value may be another one, and each of them takes a column.
      this.run.checkRoom(this.#bySeries.size * this.steps);
    }
    return counted;
  }
}
