import { SampleBytesReader, SampleBytesWriter } from './sample-bytes.js';
import type { Column } from './sample-column.js';

/** How the values of a chunk are written. Numbers on disk: never change one. */
const EACH_VALUE = 1;
const ONE_VALUE = 2;

/**
 * The samples of one series within one window as bytes: form, count, times, values. A time is written as the change of
 * the distance between samples, which is nearly always a single byte. A value that never changes, as of most states and
 * versions, is written once. `startMs` is where the window begins; it lies no more than 2³⁰ ms before any sample.
 */
export function encodeChunk({ timesMs, values }: Column, startMs: number): Buffer {
  const isConstant = hasOneValue(values);
  const stored = isConstant ? values.subarray(0, 1) : values;
  const writer = new SampleBytesWriter(16 + timesMs.length * 2 + stored.byteLength);
  writer.unsigned(isConstant ? ONE_VALUE : EACH_VALUE);
  writer.unsigned(timesMs.length);
  let [before, distance] = [startMs, 0];
  for (const timeMs of timesMs) {
    writer.signed(timeMs - before - distance);
    distance = timeMs - before;
    before = timeMs;
  }
  writer.doubles(stored);
  return writer.finish();
}

/** Throws a RangeError for bytes that {@link encodeChunk} did not write. */
export function decodeChunk(bytes: Uint8Array, startMs: number): Column {
  const reader = new SampleBytesReader(bytes);
  const form = reader.unsigned();
  if (form !== EACH_VALUE && form !== ONE_VALUE)
    throw new RangeError(`unknown form ${form} of a sample chunk`);
  const count = reader.unsigned();
  const timesMs = new Float64Array(count);
  for (let row = 0, timeMs = startMs, distance = 0; row < count; row++) {
    distance += reader.signed();
    timeMs += distance;
    timesMs[row] = timeMs;
  }
  if (form === EACH_VALUE) return { timesMs, values: reader.doubles(count) };
  return { timesMs, values: repeated(reader.doubles(1), count) };
}

function repeated(value: Float64Array, count: number): Float64Array {
  const values = new Float64Array(count);
  const [pattern, words] = [new Uint32Array(value.buffer), new Uint32Array(values.buffer)];
  for (let word = 0; word < words.length; word++) words[word] = pattern[word & 1] as number;
  return values;
}

/** Compares bits, so that 0 and -0 stay apart and one NaN equals itself. */
function hasOneValue({ buffer, byteOffset, length }: Float64Array): boolean {
  const words = new Uint32Array(buffer, byteOffset, length * 2);
  for (let word = 2; word < words.length; word++) {
    if (words[word] !== words[word - 2]) return false;
  }
  return length > 0;
}
