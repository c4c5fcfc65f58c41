import {
  type AppendOutcome,
  assertSeriesName,
  LabkeeperError,
  type SampleBatch,
  type Series,
} from '@labkeeper/core';
import { type Column, pickRows } from '../column.js';
import type { FrameRows } from '../journal/frame-encoder.js';
import { SeriesIndex } from '../series/series-index.js';
import { ChunkSlabs } from './chunk-slabs.js';
import type { HeadCounts, HeadRules, HeadSeries } from './head-series.js';
import { PUT } from './sample-column.js';

/** What became of a batch, and what of it belongs in the journal. */
export interface Taken {
  readonly outcome: AppendOutcome;
  /** Valid until the next batch. */
  readonly rows: FrameRows;
  readonly newestMs: number;
}

export interface HeadLimits {
  readonly windowMs: number;
  /** How far behind the newest of its series a sample may be. */
  readonly outOfOrderMs: number;
}

/** Bytes of a sample that is not in a chunk yet. */
const LOOSE_BYTES = 16;

/** All series, and their samples that are not in the chunk store yet. */
export class Head {
  readonly index = new SeriesIndex();
  readonly counts: HeadCounts = { samples: 0, chunkedSamples: 0, chunkBytes: 0 };
  readonly rules: HeadRules;
  #lastId = 0;
  /** The series of the last row: the one that followed it before will follow it again. */
  #previous: HeadSeries | undefined;
  /** The rows of one batch, used again for the next. */
  readonly #entries: HeadSeries[] = [];

  constructor({ windowMs, outOfOrderMs }: HeadLimits, nowMs: () => number) {
    this.rules = { windowMs, outOfOrderMs, nowMs, slabs: new ChunkSlabs(), counts: this.counts };
  }

  /** Memory that samples take, about. */
  get bytes(): number {
    const { samples, chunkedSamples, chunkBytes } = this.counts;
    return chunkBytes + (samples - chunkedSamples) * LOOSE_BYTES;
  }

  /** Numbers up to this one are not given to new series. */
  keepNumber(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
  }

  /** A series that the chunk store knows. */
  restore(id: number, series: Series): void {
    this.keepNumber(id);
    this.index.add(id, series).isStored = true;
  }

  /** Keeps the rows that may be kept. Throws STORAGE_INVALID before any of them is. */
  take(batch: SampleBatch, isBackfill: boolean): Taken {
    this.#resolve(batch);
    const values = columnOf(batch.values);
    const timesMs = columnOf(batch.timesMs);
    const outcome = { kept: 0, conflicting: 0, tooOld: 0 };
    const refused = new Set<number>();
    for (let row = 0; row < values.length; ) {
      const end = this.#endOfRun(timesMs, row);
      this.#put({ timesMs, values }, { row, end, isBackfill }, outcome, refused);
      row = end;
    }
    let newestMs = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < values.length; row++)
      if ((timesMs[row] as number) > newestMs) newestMs = timesMs[row] as number;
    this.counts.samples += outcome.kept;
    const rows = { entries: this.#entries, timesMs, values, count: values.length };
    return { outcome, rows: refused.size === 0 ? rows : this.#acceptedOf(rows, refused), newestMs };
  }

  /** Up to where the rows are of one series and ascend. Nearly always a heartbeat has one row of each, and an import many. */
  #endOfRun(timesMs: Float64Array, row: number): number {
    const entry = this.#entries[row];
    let end = row + 1;
    while (
      end < timesMs.length &&
      this.#entries[end] === entry &&
      (timesMs[end] as number) > (timesMs[end - 1] as number)
    )
      end++;
    return end;
  }

  #put(
    column: Column,
    { row, end, isBackfill }: { readonly row: number; readonly end: number; readonly isBackfill: boolean },
    outcome: { kept: number; conflicting: number; tooOld: number },
    refused: Set<number>,
  ): void {
    const entry = this.#entries[row] as HeadSeries;
    if (end - row > 1 && (column.timesMs[row] as number) > entry.newestMs) {
      entry.putRun(this.rules, column, row, end);
      outcome.kept += end - row;
      return;
    }
    for (let at = row; at < end; at++) {
      const put = entry.put(this.rules, column.timesMs[at] as number, column.values, at, isBackfill);
      if (put === PUT.kept) outcome.kept += 1;
      else if (put === PUT.conflicting) outcome.conflicting += 1;
      else if (put === PUT.tooOld) outcome.tooOld += 1;
      if (put === PUT.conflicting || put === PUT.tooOld) refused.add(at);
    }
  }

  /** Finds or makes the series of each row. All or nothing: every row is looked at before the first one is kept. */
  #resolve({ series, timesMs, values }: SampleBatch): void {
    if (series.length !== timesMs.length || series.length !== values.length)
      throw new LabkeeperError('STORAGE_INVALID', 'the columns of a batch differ in length');
    const unknown = new Set<Series>();
    let checkedMs: number | undefined;
    for (let row = 0; row < series.length; row++) {
      const timeMs = timesMs[row] as number;
      // Nearly always the rows of a batch have one time.
      if (timeMs !== checkedMs && !Number.isSafeInteger(timeMs))
        throw new LabkeeperError('STORAGE_INVALID', `${timeMs} is not a time in milliseconds`);
      checkedMs = timeMs;
      const one = series[row] as Series;
      const entry = this.#find(one);
      if (entry) this.#entries[row] = entry;
      else unknown.add(one);
    }
    this.#entries.length = series.length;
    if (unknown.size > 0) this.#addAll(unknown, series);
  }

  #find(series: Series): HeadSeries | undefined {
    if (this.#previous?.object === series) return this.#previous;
    const expected = this.#previous?.next;
    if (expected?.object === series) {
      this.#previous = expected;
      return expected;
    }
    const found = this.index.find(series);
    if (!found) return undefined;
    found.object = series;
    if (this.#previous) this.#previous.next = found;
    this.#previous = found;
    return found;
  }

  #addAll(unknown: ReadonlySet<Series>, series: readonly Series[]): void {
    for (const { name } of unknown) assertSeriesName(name);
    for (const one of unknown) if (!this.index.find(one)) this.index.add(++this.#lastId, one);
    for (let row = 0; row < series.length; row++)
      this.#entries[row] = this.index.find(series[row] as Series) as HeadSeries;
  }

  /** Without the rows that were refused: in the journal they would come back at the next start. */
  #acceptedOf({ entries, timesMs, values, count }: FrameRows, refused: ReadonlySet<number>): FrameRows {
    const kept: number[] = [];
    for (let row = 0; row < count; row++) if (!refused.has(row)) kept.push(row);
    return {
      entries: kept.map((row) => entries[row] as HeadSeries),
      ...pickRows({ timesMs, values }, kept),
      count: kept.length,
    };
  }
}

/** Bit for bit when it is a Float64Array; a plain array holds what its maker left of a NaN. */
function columnOf(values: ArrayLike<number>): Float64Array {
  return values instanceof Float64Array ? values : new Float64Array(values);
}
