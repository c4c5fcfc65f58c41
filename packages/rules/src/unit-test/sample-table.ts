import { compileMatchers, type Sample, type Series, type SeriesSamples, seriesKey } from '@labkeeper/core';
import type { Selection } from '@labkeeper/promql';

interface Row {
  readonly series: Series;
  readonly timesMs: number[];
  readonly values: Float64Array[];
}

/** Values of a column are kept in pieces of this many: a plain array would lose the payload of staleness marks. */
const PIECE = 1024;

/** Samples in memory for one unit test. */
export class SampleTable {
  readonly #rows = new Map<string, Row>();

  /** Samples that are not newer than the last one of their series are dropped, as Prometheus' storage drops them. */
  append({ name, labels = {}, timeMs = 0, value }: Sample): void {
    const row = this.#row(name, labels);
    const last = row.timesMs.at(-1);
    if (last !== undefined && timeMs <= last) return;
    const index = row.timesMs.push(timeMs) - 1;
    if (index % PIECE === 0) row.values.push(new Float64Array(PIECE));
    const piece = row.values.at(-1);
    if (piece) piece[index % PIECE] = value;
  }

  select({ matchers, fromMs, toMs }: Selection): SeriesSamples[] {
    const meets = compileMatchers(matchers);
    const found: SeriesSamples[] = [];
    for (const row of this.#rows.values()) {
      if (!meets(row.series)) continue;
      const [from, to] = [firstAtOrAfter(row.timesMs, fromMs), firstAtOrAfter(row.timesMs, toMs + 1)];
      if (from < to) found.push(cut(row, from, to));
    }
    return found;
  }

  #row(name: string, labels: Series['labels']): Row {
    const key = seriesKey(name, labels);
    const row = this.#rows.get(key) ?? { series: { name, labels }, timesMs: [], values: [] };
    this.#rows.set(key, row);
    return row;
  }
}

function cut({ series, timesMs, values }: Row, from: number, to: number): SeriesSamples {
  const column = new Float64Array(to - from);
  for (let index = from; index < to; ) {
    const end = Math.min(to, (Math.floor(index / PIECE) + 1) * PIECE);
    const piece = values[Math.floor(index / PIECE)];
    if (piece) column.set(piece.subarray(index % PIECE, (index % PIECE) + end - index), index - from);
    index = end;
  }
  return { series, timesMs: Float64Array.from(timesMs.slice(from, to)), values: column };
}

function firstAtOrAfter(timesMs: readonly number[], timeMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
