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
import { ReusedColumn } from './reused-column.js';
import { PUT } from './sample-column.js';
import { TailRooms } from './tail-rooms.js';
import { TimeTracks } from './time-track.js';

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

/** Bytes of a sample that is not in a chunk yet, at most: its time is nearly always shared. */
const LOOSE_BYTES = 16;

/** All series, and their samples that are not in the chunk store yet. */
export class Head {
  readonly index = new SeriesIndex();
  readonly counts: HeadCounts = { samples: 0, chunkedSamples: 0, chunkBytes: 0 };
  readonly rules: HeadRules;
  #lastId = 0;
  /** The series of the last row: the one that followed it before will follow it again. */
  #previous: HeadSeries | undefined;
  /** The runs of one batch, used again for the next. */
  readonly #entries: HeadSeries[] = [];
  readonly #ends: number[] = [];
  readonly #timesMs = new ReusedColumn();
  readonly #values = new ReusedColumn();

  constructor({ windowMs, outOfOrderMs }: HeadLimits, nowMs: () => number) {
    this.rules = {
      ...{ windowMs, outOfOrderMs, nowMs, counts: this.counts, slabs: new ChunkSlabs() },
      ...{ rooms: new TailRooms(), tracks: new TimeTracks(windowMs) },
    };
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
    const column = { values: this.#values.of(batch.values), timesMs: this.#timesMs.of(batch.timesMs) };
    const outcome = { kept: 0, conflicting: 0, tooOld: 0 };
    const refused = new Set<number>();
    let newestMs = Number.NEGATIVE_INFINITY;
    for (let run = 0, row = 0; run < this.#entries.length; run++) {
      for (const runEnd = this.#ends[run] as number; row < runEnd; ) {
        const end = endOfAscent(column.timesMs, row, runEnd);
        this.#put(this.#entries[run] as HeadSeries, column, { row, end, isBackfill }, outcome, refused);
        newestMs = Math.max(newestMs, column.timesMs[end - 1] as number);
        row = end;
      }
    }
    this.counts.samples += outcome.kept;
    const rows = { entries: this.#entries, ends: this.#ends, ...column, count: batch.series.length };
    return { outcome, rows: refused.size === 0 ? rows : acceptedOf(rows, refused), newestMs };
  }

  #put(
    entry: HeadSeries,
    column: Column,
    { row, end, isBackfill }: { readonly row: number; readonly end: number; readonly isBackfill: boolean },
    outcome: { kept: number; conflicting: number; tooOld: number },
    refused: Set<number>,
  ): void {
    if (end - row > 1 && (column.timesMs[row] as number) > entry.newestMs) {
      entry.putRun(this.rules, column, row, end);
      outcome.kept += end - row;
      return;
    }
    for (let at = row; at < end; at++) {
      const put = entry.put(this.rules, column, at, isBackfill);
      if (put === PUT.kept) outcome.kept += 1;
      else if (put === PUT.conflicting) outcome.conflicting += 1;
      else if (put === PUT.tooOld) outcome.tooOld += 1;
      if (put === PUT.conflicting || put === PUT.tooOld) refused.add(at);
    }
  }

  /** Finds or makes the series of each run of rows. All or nothing: every row is looked at before the first one is kept. */
  #resolve(batch: SampleBatch): void {
    assertTimes(batch);
    const unknown = this.#findRuns(batch.series);
    if (unknown.size === 0) return;
    for (const { name } of unknown) assertSeriesName(name);
    for (const one of unknown) if (!this.index.find(one)) this.index.add(++this.#lastId, one);
    this.#findRuns(batch.series);
  }

  /** Nearly always a heartbeat has one row of each series, and an import many. Gives the series that nobody knows. */
  #findRuns(series: readonly Series[]): ReadonlySet<Series> {
    const unknown = new Set<Series>();
    let runs = 0;
    for (let row = 0, last: Series | undefined; row < series.length; row++) {
      const one = series[row] as Series;
      if (one === last) continue;
      last = one;
      const entry = this.#find(one);
      if (!entry) unknown.add(one);
      else if (runs === 0 || this.#entries[runs - 1] !== entry) {
        if (runs > 0) this.#ends[runs - 1] = row;
        this.#entries[runs++] = entry;
      }
    }
    if (runs > 0) this.#ends[runs - 1] = series.length;
    this.#entries.length = runs;
    this.#ends.length = runs;
    return unknown;
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
}

function assertTimes({ series, timesMs, values }: SampleBatch): void {
  if (series.length !== timesMs.length || series.length !== values.length)
    throw new LabkeeperError('STORAGE_INVALID', 'the columns of a batch differ in length');
  let checkedMs: number | undefined;
  for (let row = 0; row < timesMs.length; row++) {
    const timeMs = timesMs[row] as number;
    // Nearly always the rows of a batch have one time.
    if (timeMs !== checkedMs && !Number.isSafeInteger(timeMs))
      throw new LabkeeperError('STORAGE_INVALID', `${timeMs} is not a time in milliseconds`);
    checkedMs = timeMs;
  }
}

/** Up to where the times ascend from `row`. */
function endOfAscent(timesMs: Float64Array, row: number, runEnd: number): number {
  let end = row + 1;
  while (end < runEnd && (timesMs[end] as number) > (timesMs[end - 1] as number)) end++;
  return end;
}

/** Without the rows that were refused: in the journal they would come back at the next start. */
function acceptedOf({ entries, ends, timesMs, values }: FrameRows, refused: ReadonlySet<number>): FrameRows {
  const kept: number[] = [];
  const left: { readonly entry: HeadSeries; readonly end: number }[] = [];
  for (let run = 0, row = 0; run < entries.length; run++) {
    const before = kept.length;
    for (; row < (ends[run] as number); row++) if (!refused.has(row)) kept.push(row);
    if (kept.length > before) left.push({ entry: entries[run] as HeadSeries, end: kept.length });
  }
  return {
    entries: left.map(({ entry }) => entry),
    ends: left.map(({ end }) => end),
    ...pickRows({ timesMs, values }, kept),
    count: kept.length,
  };
}
