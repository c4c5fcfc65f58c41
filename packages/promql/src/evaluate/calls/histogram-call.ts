import { classicFraction, classicQuantile } from '../../functions/functions.js';
import type { Expression } from '../../syntax/expression.js';
import { quoteText } from '../../syntax/go-quote.js';
import { BlockBuilder } from '../blocks/block-builder.js';
import { checkRepeats, rememberLast, renameSeries } from '../blocks/merge-series.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import type { VectorBlock } from '../blocks/values.js';
import { formatOpenMetrics } from '../notes/format-number.js';
import { warnOfQuantiles } from '../notes/warn-of-quantiles.js';
import type { Operation, Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import { fillBuckets, findHistograms, type HistogramGroup, type Histograms } from './classic-groups.js';
import { forMetric, RepairNotes } from './repair-notes.js';

export interface HistogramPlan {
  readonly kind: 'quantile' | 'fraction';
  readonly vector: Expression;
  readonly vectorSlot: number;
  readonly scope: number;
  /** What is computed of each histogram. */
  readonly results: readonly HistogramResult[];
}

export interface HistogramResult {
  /** Of the quantile, or of the lower and the upper end of the fraction. */
  readonly slots: readonly number[];
  /** The argument that ought to be between 0 and 1. */
  readonly quantile?: Expression;
  /** Where the series says which quantile it is. */
  readonly label?: string;
}

/** A series to be computed. */
interface HistogramSeries {
  readonly group: HistogramGroup;
  readonly identity: SeriesIdentity;
  readonly parameters: readonly Float64Array[];
  /** The quantile that the series names in its label: at steps with another one it has no value. */
  readonly only?: number;
}

/** A function over the classic histograms of a vector. */
export class HistogramCall implements Operation {
  readonly scope: number;
  readonly #histogramsOf = rememberLast(findHistograms);

  constructor(readonly plan: HistogramPlan) {
    this.scope = plan.scope;
  }

  evaluate(run: Run): Outcome {
    const block = run.takeVector(this.plan.vectorSlot);
    const histograms = this.#histogramsOf(block.series);
    this.#warnOfBounds(histograms, block, run);
    const all = this.plan.results.flatMap((result) => this.#seriesOf(result, histograms.groups, run));
    const repairs = new RepairNotes(this.plan.vector, run.notes);
    const builder = new BlockBuilder(
      run,
      all.map(({ identity }) => identity),
      run.gridOf(this).steps,
    );
    const fillRow = (row: number) => {
      const series = all[row] as HistogramSeries;
      builder.endRow(series.identity, this.#fillRow(series, block, builder, { run, repairs }));
      return builder.steps * series.group.rows.length;
    };
    return inTurns(all.length, fillRow, () => {
      repairs.tell();
      const result = builder.build();
      return renameSeries(result, checkRepeats(result.series), run);
    });
  }

  #seriesOf(
    { slots, quantile, label }: HistogramResult,
    groups: readonly HistogramGroup[],
    run: Run,
  ): HistogramSeries[] {
    const parameters = slots.map((slot) => run.takeScalar(slot));
    if (quantile) warnOfQuantiles(parameters[0] as Float64Array, quantile, run);
    if (label === undefined) return groups.map((group) => ({ group, identity: group.identity, parameters }));
    const quantiles = new Set(parameters[0]);
    // Each step may ask for another quantile, and each of them takes a column of every histogram.
    run.checkRoom(quantiles.size * groups.length * run.gridOf(this).steps);
    return [...quantiles].flatMap((only) =>
      groups.map((group) => {
        const labels = { ...group.identity.labels, [label]: formatOpenMetrics(only) };
        return { group, identity: SeriesIdentity.ofLabels(labels), parameters, only };
      }),
    );
  }

  /** Gives how many steps have a value. */
  #fillRow(
    { group, parameters, only }: HistogramSeries,
    block: VectorBlock,
    builder: BlockBuilder,
    { run, repairs }: { readonly run: Run; readonly repairs: RepairNotes },
  ): number {
    const buckets = { upperBounds: [], counts: [] };
    const { fromMs, stepMs } = run.gridOf(this);
    let found = 0;
    for (let step = 0; step < builder.steps; step++) {
      const [first, second] = [parameters[0]?.[step] as number, parameters[1]?.[step] as number];
      const isWanted = only === undefined || Object.is(first, only);
      const isFound = isWanted && fillBuckets(buckets, group, block, step);
      builder.flags[step] = isFound ? 1 : 0;
      if (!isFound) continue;
      found++;
      const place = builder.offset + step;
      if (this.plan.kind === 'fraction') {
        builder.values[place] = classicFraction(first, second, buckets);
        continue;
      }
      const { value, repair } = classicQuantile(first, buckets);
      builder.values[place] = value;
      if (repair) repairs.add(group.name, repair, fromMs + step * stepMs);
    }
    return found;
  }

  #warnOfBounds({ withoutBound }: Histograms, { series }: VectorBlock, run: Run): void {
    for (const row of withoutBound) {
      const identity = series[row] as SeriesIdentity;
      const text = `bucket label "le" is missing or has a malformed value of ${quoteText(identity.get('le'))}`;
      run.notes.warn(`${text}${forMetric(identity.name)}`, this.plan.vector);
    }
  }
}
