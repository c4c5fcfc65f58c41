import { deflateRawSync } from 'node:zlib';
import type { Series } from '@labkeeper/core';
import { ByteWriter } from '../bytes/byte-writer.js';
import type { HeadSeries } from '../head/head-series.js';
import { SegmentState } from './segment-state.js';

/** Rows that go into one frame. The columns are longer than `count` where they are used again and again. */
export interface FrameRows {
  readonly entries: readonly HeadSeries[];
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
  readonly #names = new ByteWriter();
  #known = 0;
  #lastId = -1;
  #lastMs = 0;

  constructor(readonly segment: number) {}

  /** Appends the payload of a frame to `writer`. */
  encode(writer: ByteWriter, rows: FrameRows): void {
    this.#writeNames(writer, rows);
    writer.uint(rows.count);
    const { entries, values, count } = rows;
    if (count === 0) return;
    const stride = strideOf(rows);
    this.#writeIds(writer, rows, stride);
    this.#writeTimes(writer, rows, stride);
    for (let row = 0; row < count; row++)
      this.#state.write(writer, (entries[row] as HeadSeries).journalId, values, row);
  }

  #writeNames(writer: ByteWriter, { entries, count }: FrameRows): void {
    this.#names.clear();
    const before = this.#known;
    for (let row = 0; row < count; row++) {
      const entry = entries[row] as HeadSeries;
      if (entry.journalSegment === this.segment) continue;
      entry.journalSegment = this.segment;
      entry.journalId = this.#known++;
      writeSeries(this.#names, entry.series);
    }
    writer.uint(this.#known - before);
    if (this.#known === before) return;
    this.#state.reserve(this.#known);
    // Names repeat themselves; at level 1 this costs some 10 ns a byte, once a segment.
    const packed = deflateRawSync(this.#names.view(), { level: 1 });
    writer.uint(packed.length);
    writer.bytes(packed);
  }

  /**
   * Which series the rows belong to: how many rows of one series stand side by side, when that is the same for all, and then the series, of
   * which only those are named that do not follow as they did before.
   */
  #writeIds(writer: ByteWriter, { entries, count }: FrameRows, stride: number): void {
    writer.uint(stride);
    let [run, last] = [0, this.#lastId];
    for (let row = 0; row < count; row += stride) {
      const id = (entries[row] as HeadSeries).journalId;
      if (this.#state.nextOf(last) === id) run += 1;
      else {
        writer.uint(run);
        writer.uint(id);
        this.#state.follow(last, id);
        run = 0;
      }
      last = id;
    }
    if (run > 0) writer.uint(run);
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
function strideOf({ entries, count }: FrameRows): number {
  const first = entries[0];
  let stride = 1;
  while (stride < count && entries[stride] === first) stride++;
  if (stride === 1 || count % stride !== 0) return 1;
  for (let row = 0; row < count; row++) if (entries[row] !== entries[row - (row % stride)]) return 1;
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
