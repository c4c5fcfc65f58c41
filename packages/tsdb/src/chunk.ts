import { crc32 } from 'node:zlib';
import { asDecimals, type DecimalColumn, fromDecimals } from './codec/decimal-column.js';
import { readDoubles, writeDoubles } from './codec/double-column.js';
import { IntegerModel } from './codec/integer-model.js';
import { isNoise, NOISE_BYTES, readNoise, writeNoise } from './codec/noise-column.js';
import { bestPrediction, type Predictor, predict } from './codec/predictor.js';
import { RangeDecoder } from './codec/range-decoder.js';
import { RangeEncoder } from './codec/range-encoder.js';
import { readTimes, writeTimes } from './codec/time-column.js';

/** Samples of one series, by time. Both columns have the same length. */
export interface Column {
  /** Whole milliseconds since the epoch, each after the one before. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** How the values of a chunk are written. Numbers on disk: never change one; new ones may come. */
const FORM = { one: 1, decimals: 2, doubles: 3, noise: 4 } as const;
type Form = (typeof FORM)[keyof typeof FORM];

const FORM_AT = 0;
const CHECKSUM_AT = 1;
const COUNT_AT = 5;
const HEADER_BYTES = 9;
/** What a header may ask for: more than a week of samples each second. Above it the bytes are damaged. */
const MOST_SAMPLES = 1_000_000;

/**
 * Samples as bytes: form, checksum, count, digits that are noise, and then one stream of adaptively coded whole numbers. Values come back bit for
 * bit, NaN with their payloads included. `startMs` is near the first time; the decoder needs the same.
 * Throws a RangeError for more than a million samples.
 */
export function encodeChunk({ timesMs, values }: Column, startMs: number): Uint8Array {
  if (timesMs.length > MOST_SAMPLES)
    throw new RangeError(`${timesMs.length} samples are too many for a chunk`);
  const encoder = new RangeEncoder(timesMs.length + 32);
  writeTimes(encoder, timesMs, startMs);
  const { form, noise } = writeValues(encoder, values);
  const stream = encoder.finish();
  const bytes = new Uint8Array(HEADER_BYTES + noise.length + stream.length);
  bytes.set(noise, HEADER_BYTES);
  bytes.set(stream, HEADER_BYTES + noise.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(FORM_AT, form);
  view.setUint32(COUNT_AT, timesMs.length, true);
  view.setUint32(CHECKSUM_AT, checksumOf(bytes), true);
  return bytes;
}

/** Throws a RangeError for bytes that {@link encodeChunk} did not write, or that have changed since. */
export function decodeChunk(bytes: Uint8Array, startMs: number): Column {
  if (bytes.length < HEADER_BYTES) throw new RangeError('a chunk that was cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(CHECKSUM_AT, true) !== checksumOf(bytes)) throw new RangeError('a damaged chunk');
  const count = view.getUint32(COUNT_AT, true);
  if (count > MOST_SAMPLES) throw new RangeError('a damaged chunk');
  const form = view.getUint8(FORM_AT) as Form;
  const streamAt = HEADER_BYTES + (form === FORM.noise ? count * NOISE_BYTES : 0);
  const decoder = new RangeDecoder(bytes, streamAt);
  const timesMs = readTimes(decoder, count, startMs);
  if (form === FORM.noise)
    return { timesMs, values: readNoise(decoder, count, bytes.subarray(HEADER_BYTES, streamAt)) };
  return { timesMs, values: readValues(decoder, count, form) };
}

/** Of everything but itself, so that no flipped bit goes unnoticed. */
function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes.subarray(COUNT_AT), bytes[FORM_AT]);
}

/** How the values were written, and what of them stands outside of the stream. */
interface Written {
  readonly form: Form;
  readonly noise: Uint8Array;
}

const NO_NOISE = new Uint8Array(0);

function writeValues(encoder: RangeEncoder, values: Float64Array): Written {
  if (hasOneValue(values)) {
    writeDoubles(encoder, values.subarray(0, 1));
    return { form: FORM.one, noise: NO_NOISE };
  }
  const decimals = asDecimals(values);
  if (decimals) {
    writeDecimals(encoder, decimals);
    return { form: FORM.decimals, noise: NO_NOISE };
  }
  if (isNoise(values)) return { form: FORM.noise, noise: writeNoise(encoder, values) };
  writeDoubles(encoder, values);
  return { form: FORM.doubles, noise: NO_NOISE };
}

function writeDecimals(encoder: RangeEncoder, { places, whole }: DecimalColumn): void {
  const prediction = bestPrediction(whole);
  encoder.direct(places, 4);
  encoder.direct(prediction.predictor, 4);
  new IntegerModel().write(encoder, prediction.constant);
  const model = new IntegerModel();
  for (let row = 0; row < whole.length; row++)
    model.write(encoder, (whole[row] as number) - predict(prediction, whole, row));
}

function readValues(decoder: RangeDecoder, count: number, form: Form): Float64Array {
  if (form === FORM.doubles) return readDoubles(decoder, count);
  if (form === FORM.one) return repeated(readDoubles(decoder, Math.min(1, count)), count);
  if (form !== FORM.decimals) throw new RangeError(`unknown form ${String(form)} of a chunk`);
  const places = decoder.direct(4);
  const predictor = decoder.direct(4) as Predictor;
  const prediction = { predictor, constant: new IntegerModel().read(decoder) };
  const model = new IntegerModel();
  const whole = new Float64Array(count);
  for (let row = 0; row < count; row++) whole[row] = model.read(decoder) + predict(prediction, whole, row);
  return fromDecimals({ places, whole });
}

/** Compares bits, so that 0 and -0 stay apart and one NaN equals itself. */
function hasOneValue(values: Float64Array): boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let word = 2; word < words.length; word++) if (words[word] !== words[word - 2]) return false;
  return true;
}

/** Copied as words: as a number, a NaN would lose its payload. */
function repeated(value: Float64Array, count: number): Float64Array {
  const values = new Float64Array(count);
  const [pattern, words] = [new Uint32Array(value.buffer), new Uint32Array(values.buffer)];
  for (let word = 0; word < words.length; word++) words[word] = pattern[word & 1] as number;
  return values;
}
