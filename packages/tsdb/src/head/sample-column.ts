import { copyBits } from '@labkeeper/core';
import { type Column, lowerBound, NO_SAMPLES } from '../column.js';

/** What becomes of a sample that is put into a series. */
export const PUT = { kept: 0, known: 1, conflicting: 2, tooOld: 3 } as const;
export type Put = (typeof PUT)[keyof typeof PUT];

/** Room for the first samples of a series: a minute or so at the usual intervals. */
const FIRST_CAPACITY = 8;
const NOTHING = new Float64Array(0);

/** Samples of one series that came late: sorted, growing, one per time; the first that came for a time stays. Values are kept bit for bit. */
export class SampleColumn {
  #timesMs: Float64Array<ArrayBuffer> = NOTHING;
  #values: Float64Array<ArrayBuffer> = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** NaN when there is none. */
  get firstMs(): number {
    return this.#length === 0 ? Number.NaN : (this.#timesMs[0] as number);
  }

  get lastMs(): number {
    return this.#length === 0 ? Number.NaN : (this.#timesMs[this.#length - 1] as number);
  }

  /** Adds a sample in its place unless there is one of its time. */
  insert(timeMs: number, values: Float64Array, row: number): Put {
    const at = lowerBound(this.#timesMs, this.#length, timeMs);
    if (at < this.#length && this.#timesMs[at] === timeMs)
      return haveSameBits(this.#values, at, values, row) ? PUT.known : PUT.conflicting;
    if (this.#length === this.#timesMs.length) this.#grow();
    this.#timesMs.copyWithin(at + 1, at, this.#length);
    this.#values.copyWithin(at + 1, at, this.#length);
    this.#length += 1;
    this.#timesMs[at] = timeMs;
    copyBits(this.#values, at, values, row);
    return PUT.kept;
  }

  /** A copy of the samples with `fromMs ≤ time ≤ toMs`. */
  between(fromMs: number, toMs: number): Column {
    const start = lowerBound(this.#timesMs, this.#length, fromMs);
    const end = lowerBound(this.#timesMs, this.#length, toMs + 1);
    if (start >= end) return NO_SAMPLES;
    return { timesMs: this.#timesMs.slice(start, end), values: this.#values.slice(start, end) };
  }

  /** All samples, without a copy: valid until the next change. */
  view(): Column {
    return {
      timesMs: this.#timesMs.subarray(0, this.#length),
      values: this.#values.subarray(0, this.#length),
    };
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.#length * 2);
    const [timesMs, values] = [this.#timesMs, this.#values];
    this.#timesMs = new Float64Array(capacity);
    this.#timesMs.set(timesMs);
    this.#values = new Float64Array(capacity);
    this.#values.set(values);
  }
}

/** Whether two elements are the same, the sign of a zero and the payload of a NaN included. */
export function haveSameBits(a: Float64Array, at: number, b: Float64Array, row: number): boolean {
  const [left, right] = [a[at] as number, b[row] as number];
  if (left === right && left !== 0) return true;
  const [words, others] = [wordsAt(a, at), wordsAt(b, row)];
  return words[0] === others[0] && words[1] === others[1];
}

function wordsAt({ buffer, byteOffset }: Float64Array, at: number): Uint32Array {
  return new Uint32Array(buffer, byteOffset + at * 8, 2);
}
