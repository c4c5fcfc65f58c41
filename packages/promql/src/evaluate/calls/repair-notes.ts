import type { MonotonicityRepair } from '../../functions/functions.js';
import type { Place } from '../../syntax/expression.js';
import { quoteText } from '../../syntax/go-quote.js';
import type { Annotations } from '../notes/annotations.js';
import { formatShort } from '../notes/format-number.js';

const TEXT =
  'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

interface RepairSum {
  firstBound: number;
  lastBound: number;
  largestFall: number;
  times: number;
  firstMs: number;
  lastMs: number;
}

/** Sums up, metric by metric, what had to be mended in the buckets of histograms, so that one info tells of it all. */
export class RepairNotes {
  readonly #sums = new Map<string, RepairSum>();

  constructor(
    readonly place: Place,
    readonly notes: Annotations,
  ) {}

  add(name: string, { firstBound, lastBound, largestFall }: MonotonicityRepair, timeMs: number): void {
    const sum = this.#sums.get(name);
    if (!sum) {
      const times = { times: 1, firstMs: timeMs, lastMs: timeMs };
      this.#sums.set(name, { firstBound, lastBound, largestFall, ...times });
      return;
    }
    sum.firstBound = Math.min(sum.firstBound, firstBound);
    sum.lastBound = Math.max(sum.lastBound, lastBound);
    sum.largestFall = Math.max(sum.largestFall, largestFall);
    sum.times++;
    sum.firstMs = Math.min(sum.firstMs, timeMs);
    sum.lastMs = Math.max(sum.lastMs, timeMs);
  }

  tell(): void {
    for (const [name, sum] of this.#sums) {
      const bounds = `from buckets ${formatShort(sum.firstBound)} to ${formatShort(sum.lastBound)}`;
      const fall = `with a max diff of ${formatShort(Number(sum.largestFall.toPrecision(2)))}`;
      const times = `over ${sum.times} samples from ${secondText(sum.firstMs)} to ${secondText(sum.lastMs)}`;
      this.notes.inform(`${TEXT}${forMetric(name)}, ${bounds}, ${fall}, ${times}`, this.place);
    }
  }
}

/** Prometheus names the metric where it still has a name. */
export function forMetric(name: string): string {
  return name === '' ? '' : ` for metric name ${quoteText(name)}`;
}

/** The last millisecond that a Date can hold; queries may ask for later ones. */
const LAST_DATE_MS = 8.64e15;

function secondText(timeMs: number): string {
  const dateMs = Math.max(-LAST_DATE_MS, Math.min(LAST_DATE_MS, timeMs));
  return new Date(Math.trunc(dateMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
