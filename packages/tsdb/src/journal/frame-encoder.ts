import { deflateRawSync } from 'node:zlib';
import type { Series } from '@labkeeper/core';
import { ByteWriter } from '../bytes/byte-writer.js';
import type { HeadSeries } from '../head/head-series.js';
import { SegmentState } from './segment-state.js';

/** Rows that go into one frame: runs of rows of one series each, side by side. */
export interface FrameRows {
  /** The series of each run. */
  readonly entries: readonly HeadSeries[];
  /** The row behind each run. */
  readonly ends: readonly number[];
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
}

/**
 * Writes the frames of one segment. A segment is complete in itself: it names its series when they first occur. Everything
 * else is written as what differs from the frame before.
 */
export class FrameEncoder {
  readonly #state = new SegmentState();
  #known = 0;
  #lastId = -1;
  #lastMs = 0;

  constructor(readonly segment: number) {}

  /** Appends the payload of a frame to `writer`. */
  encode(writer: ByteWriter, rows: FrameRows): void {
    this.#writeNames(writer, rows);
    writer.uint(rows.count);
    const { entries, ends, values, count } = rows;
    if (count === 0) return;
    const stride = strideOf(rows);
    this.#writeIds(writer, rows, stride);
    this.#writeTimes(writer, rows, stride);
    for (let run = 0, row = 0; run < entries.length; run++) {
      const end = ends[run] as number;
      this.#state.write(writer, (entries[run] as HeadSeries).journalId, values, row, end);
      row = end;
    }
  }

  #writeNames(writer: ByteWriter, { entries }: FrameRows): void {
    const unnamed: HeadSeries[] = [];
    for (const entry of entries) {
      if (entry.journalSegment === this.segment) continue;
      entry.journalSegment = this.segment;
      entry.journalId = this.#known++;
      unnamed.push(entry);
    }
    writer.uint(unnamed.length);
    if (unnamed.length === 0) return;
    this.#state.reserve(this.#known);
    const names = new ByteWriter(unnamed.length * 64);
    for (const { series } of unnamed) writeSeries(names, series);
    // Names repeat themselves; at level 1 this costs some 10 ns a byte, once a segment.
    const packed = deflateRawSync(names.view(), { level: 1 });
    writer.uint(packed.length);
    writer.bytes(packed);
  }

  /**
   * Which series the rows belong to: how many rows of one series stand side by side, when that is the same for all, and then the series, of
   * which only those are named that do not follow as they did before.
   */
  #writeIds(writer: ByteWriter, { entries, ends }: FrameRows, stride: number): void {
    writer.uint(stride);
    let [followed, last] = [0, this.#lastId];
    for (let run = 0, row = 0; run < entries.length; run++) {
      const id = (entries[run] as HeadSeries).journalId;
      for (const end = ends[run] as number; row < end; row += stride) {
        if (this.#state.nextOf(last) === id) followed += 1;
        else {
          writer.uint(followed);
          writer.uint(id);
          this.#state.follow(last, id);
          followed = 0;
        }
        last = id;
      }
    }
    if (followed > 0) writer.uint(followed);
    this.#lastId = last;
  }

  /** Runs of equal times: how many, and how far the time is from the one before. Of series with the same times, those of the first. */
  #writeTimes(writer: ByteWriter, { timesMs, count }: FrameRows, stride: number): void {
    const period = isPeriodic(timesMs, count, stride) ? stride : count;
    writer.uint(period);
    for (let row = 0; row < period; ) {
      const timeMs = timesMs[row] as number;
      const start = row;
      while (row < period && timesMs[row] === timeMs) row++;
      this.#writeRun(writer, row - start, timeMs);
      this.#lastMs = timeMs;
    }
  }

  #writeRun(writer: ByteWriter, rows: number, timeMs: number): void {
    const difference = timeMs - this.#lastMs;
    const isFar = Math.abs(difference) > LARGEST_DIFFERENCE;
    writer.uint(rows * 2 + (isFar ? 1 : 0));
    if (!isFar) writer.int(difference);
    else {
      writer.byte(timeMs < 0 ? 1 : 0);
      writer.uint(Math.abs(timeMs));
    }
  }
}

/** Differences beyond it are not exact, and nobody has them: such a time stands there whole. */
const LARGEST_DIFFERENCE = 2 ** 50;

/** How many rows of each series stand side by side; 1 when that differs. */
function strideOf({ ends }: FrameRows): number {
  const stride = ends[0] as number;
  for (let run = 1; run < ends.length; run++)
    if ((ends[run] as number) - (ends[run - 1] as number) !== stride) return 1;
  return stride;
}

/** Whether the times of the first `period` rows are those of every such part. */
function isPeriodic(timesMs: Float64Array, count: number, period: number): boolean {
  for (let row = period; row < count; row++) if (timesMs[row] !== timesMs[row - period]) return false;
  return true;
}

function writeSeries(writer: ByteWriter, { name, labels }: Series): void {
  const entries = Object.entries(labels);
  writer.text(name);
  writer.uint(entries.length);
  for (const [label, value] of entries) {
    writer.text(label);
    writer.text(value);
  }
}
