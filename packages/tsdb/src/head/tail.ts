import { copyBits } from '@labkeeper/core';
import { type Column, lowerBound, NO_SAMPLES } from '../column.js';
import { haveSameBits, PUT, type Put } from './sample-column.js';
import { TAIL_SAMPLES, type TailRooms } from './tail-rooms.js';
import type { TimeTrack, TimeTracks, TrackCut } from './time-track.js';

/** What the tails of a head take their memory from. */
export interface TailSources {
  readonly rooms: TailRooms;
  readonly tracks: TimeTracks;
}

const NO_SLAB = new Float64Array(0);

/** The newest samples of one series, as they are: values in a room of its own, times on a track that it shares. */
export class Tail {
  #track: TimeTrack | undefined;
  #slab: Float64Array = NO_SLAB;
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** NaN when there is none. */
  get firstMs(): number {
    return this.#length === 0 ? Number.NaN : (this.#track?.timesMs[0] as number);
  }

  get lastMs(): number {
    return this.#length === 0 ? Number.NaN : (this.#track?.timesMs[this.#length - 1] as number);
  }

  /** No time after it has a place here: it belongs to the next window. */
  get endMs(): number {
    return this.#track?.endMs ?? Number.NEGATIVE_INFINITY;
  }

  /** How many newer samples have a place here, as far as their window goes. */
  get free(): number {
    return this.#length === 0 ? 0 : TAIL_SAMPLES - this.#length;
  }

  /** The first sample, of an empty tail. */
  begin({ rooms, tracks }: TailSources, timeMs: number, values: Float64Array, row: number): void {
    if (this.#slab === NO_SLAB) ({ slab: this.#slab, offset: this.#offset } = rooms.take());
    this.#track = tracks.beginning(timeMs);
    copyBits(this.#slab, this.#offset, values, row);
    this.#length = 1;
  }

  /** Adds rows `from` up to `to`, which ascend, are newer than all before, and have a place. Called once per sample, or per series of an import. */
  push(timesMs: Float64Array, values: Float64Array, from: number, to: number): void {
    const slab = this.#slab;
    const offset = this.#offset;
    let track = this.#track as TimeTrack;
    let at = this.#length;
    for (let row = from; row < to; row++, at++) {
      const timeMs = timesMs[row] as number;
      if (!track.takes(at, timeMs)) this.#track = track = track.branch(at, timeMs);
      copyBits(slab, offset + at, values, row);
    }
    this.#length = at;
  }

  /** Adds a sample in its place unless there is one of its time; undefined when there is no room for it. */
  insert(timeMs: number, values: Float64Array, row: number): Put | undefined {
    const [track, slab, offset, length] = [this.#track as TimeTrack, this.#slab, this.#offset, this.#length];
    const at = lowerBound(track.timesMs, length, timeMs);
    if (at < length && track.timesMs[at] === timeMs)
      return haveSameBits(slab, offset + at, values, row) ? PUT.known : PUT.conflicting;
    if (length === TAIL_SAMPLES) return undefined;
    this.#track = track.withInserted(at, timeMs, length);
    slab.copyWithin(offset + at + 1, offset + at, offset + length);
    copyBits(slab, offset + at, values, row);
    this.#length = length + 1;
    return PUT.kept;
  }

  /** A copy of the samples with `fromMs ≤ time ≤ toMs`. */
  between(fromMs: number, toMs: number): Column {
    if (!this.#track) return NO_SAMPLES;
    const { timesMs } = this.#track;
    const start = lowerBound(timesMs, this.#length, fromMs);
    const end = lowerBound(timesMs, this.#length, toMs + 1);
    if (start >= end) return NO_SAMPLES;
    return {
      timesMs: timesMs.slice(start, end),
      values: this.#slab.slice(this.#offset + start, this.#offset + end),
    };
  }

  /** All samples of a tail that is not empty, and forgets them; the room stays. Valid until the next change. */
  cut(): TrackCut & { readonly values: Float64Array } {
    const [track, length] = [this.#track as TimeTrack, this.#length];
    this.#track = undefined;
    this.#length = 0;
    const { span, timeBytes } = track.cut(length);
    return { span, timeBytes, values: this.#slab.subarray(this.#offset, this.#offset + length) };
  }

  /** Gives the room of an empty tail back. */
  release(rooms: TailRooms): void {
    if (this.#slab === NO_SLAB) return;
    rooms.giveBack({ slab: this.#slab, offset: this.#offset });
    this.#slab = NO_SLAB;
  }
}
