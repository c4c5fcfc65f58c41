import { inflateRawSync } from 'node:zlib';
import type { Series } from '@labkeeper/core';
import { ByteReader } from '../bytes/byte-reader.js';
import { SegmentState } from './segment-state.js';

/** The rows of one frame. */
export interface ReadRows {
  readonly series: readonly Series[];
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** What a frame may hold at most: more are damaged bytes that pass for a frame. */
const MOST_ROWS = 100_000_000;

/** Reads the payloads of one segment, in their order. Throws a RangeError for damaged bytes. */
export class FrameDecoder {
  readonly #state = new SegmentState();
  readonly #series: Series[] = [];
  #lastId = -1;
  #lastMs = 0;

  decode(payload: Uint8Array): ReadRows {
    const reader = new ByteReader(payload);
    this.#readNames(reader);
    const count = reader.uint();
    if (count > MOST_ROWS) throw new RangeError('a damaged frame of the journal');
    const ids = this.#readIds(reader, count);
    const timesMs = this.#readTimes(reader, count);
    const values = new Float64Array(count);
    for (let row = 0; row < count; row++) this.#state.read(reader, ids[row] as number, values, row);
    return { series: Array.from(ids, (id) => this.#series[id] as Series), timesMs, values };
  }

  #readNames(reader: ByteReader): void {
    const added = reader.uint();
    if (added === 0) return;
    const names = new ByteReader(inflateRawSync(reader.bytes(reader.uint())));
    for (let left = added; left > 0; left--) this.#series.push(readSeries(names));
    this.#state.reserve(this.#series.length);
  }

  #readIds(reader: ByteReader, count: number): Uint32Array {
    const ids = new Uint32Array(count);
    const stride = count === 0 ? 1 : reader.uint();
    if (stride < 1 || count % stride !== 0) throw new RangeError('a damaged frame of the journal');
    let last = this.#lastId;
    const put = (row: number, id: number) => {
      last = this.#known(id);
      ids.fill(last, row, row + stride);
    };
    for (let row = 0; row < count; row += stride) {
      for (let run = reader.uint(); run > 0 && row < count; run--, row += stride)
        put(row, this.#state.nextOf(last));
      if (row >= count) break;
      const before = last;
      put(row, reader.uint());
      this.#state.follow(before, last);
    }
    this.#lastId = last;
    return ids;
  }

  #readTimes(reader: ByteReader, count: number): Float64Array {
    const timesMs = new Float64Array(count);
    const period = count === 0 ? 0 : reader.uint();
    for (let row = 0; row < period; ) {
      const token = reader.uint();
      const run = Math.floor(token / 2);
      if (run === 0) throw new RangeError('a damaged frame of the journal');
      if (token % 2 === 0) this.#lastMs += reader.int();
      else this.#lastMs = (reader.byte() === 1 ? -1 : 1) * reader.uint();
      timesMs.fill(this.#lastMs, row, row + run);
      row += run;
    }
    if (count > 0 && period === 0) throw new RangeError('a damaged frame of the journal');
    for (let row = period; row < count; row += period)
      timesMs.copyWithin(row, 0, Math.min(period, count - row));
    return timesMs;
  }

  #known(id: number): number {
    if (id >= 0 && id < this.#series.length) return id;
    throw new RangeError('a frame of the journal with a series that nobody knows');
  }
}

function readSeries(reader: ByteReader): Series {
  const name = reader.text();
  const labels: Record<string, string> = {};
  for (let left = reader.uint(); left > 0; left--) labels[reader.text()] = reader.text();
  return { name, labels };
}
