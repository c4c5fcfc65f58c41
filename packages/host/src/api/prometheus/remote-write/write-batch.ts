import { isLabelName, isMetricName, METRIC_NAME_LABEL, type Series, seriesKey } from '@labkeeper/core';
import type { WrittenSeries } from './decode-write-request.js';

/** Columns of a write request, and what of it cannot be kept. */
export interface WriteBatch {
  readonly series: readonly Series[];
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** One sentence for each series that cannot be kept; the first few. */
  readonly faults: readonly string[];
  readonly refused: number;
}

/** More are counted, not told. */
const TOLD_FAULTS = 5;

/** Clocks differ a little. What claims to be from further ahead would make the samples of the present look old. */
const FUTURE_MS = 600_000;

/** Gives series by their labels, the same object each time. */
export type SeriesOf = (name: string, labels: Readonly<Record<string, string>>) => Series;

/** Turns written series into columns. Pure but for the series book. Called for every request. */
export function writeBatch(written: readonly WrittenSeries[], seriesOf: SeriesOf, nowMs: number): WriteBatch {
  const rows = written.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const [timesMs, values] = [new Float64Array(rows), new Float64Array(rows)];
  const series: Series[] = [];
  const faults: string[] = [];
  let refused = 0;
  for (const one of written) {
    const fault = faultOf(one, nowMs);
    if (fault !== undefined) {
      refused += one.timesMs.length;
      if (faults.length < TOLD_FAULTS) faults.push(fault);
      continue;
    }
    const { [METRIC_NAME_LABEL]: name = '', ...labels } = one.labels;
    const known = seriesOf(name, labels);
    timesMs.set(one.timesMs, series.length);
    values.set(one.values, series.length);
    for (let row = 0; row < one.timesMs.length; row++) series.push(known);
  }
  const kept = series.length;
  return { series, timesMs: timesMs.subarray(0, kept), values: values.subarray(0, kept), faults, refused };
}

function faultOf({ labels, timesMs }: WrittenSeries, nowMs: number): string | undefined {
  const { [METRIC_NAME_LABEL]: name, ...rest } = labels;
  if (name === undefined || name === '') return `a series without ${METRIC_NAME_LABEL}`;
  if (!isMetricName(name)) return `'${name}' is no metric name`;
  const wrong = Object.keys(rest).find((label) => !isLabelName(label));
  if (wrong !== undefined) return `'${wrong}' of ${name} is no label name`;
  if (timesMs.some((timeMs) => !Number.isSafeInteger(timeMs)))
    return `a sample of ${name} has no possible time`;
  return timesMs.some((timeMs) => timeMs > nowMs + FUTURE_MS)
    ? `a sample of ${name} is from the future`
    : undefined;
}

/** Known series by their text; one that is not seen for two rounds is forgotten. */
export class SeriesBook {
  #recent = new Map<string, Series>();
  #older = new Map<string, Series>();

  constructor(
    private readonly make: SeriesOf,
    /** Series of a round. Two rounds are held: about 2 × 100 bytes and the labels for each. */
    private readonly roundSize: number,
  ) {}

  readonly of: SeriesOf = (name, labels) => {
    const key = seriesKey(name, labels);
    const known = this.#recent.get(key) ?? this.#older.get(key) ?? this.make(name, labels);
    if (this.#recent.size >= this.roundSize) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, known);
    return known;
  };
}
