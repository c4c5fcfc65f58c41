import { crc32 } from 'node:zlib';
import { ByteReader } from './bytes/byte-reader.js';
import { ByteWriter } from './bytes/byte-writer.js';
import { hasOneValue, repeated } from './codec/constant-column.js';
import { asDecimals } from './codec/decimal-column.js';
import { readDecimals, writeDecimals } from './codec/decimal-stream.js';
import { readDoubles, writeDoubles } from './codec/double-column.js';
import { isNoise, NOISE_BYTES, readNoise, writeNoise } from './codec/noise-column.js';
import { readQuickTimes, readQuickValues, writeQuickTimes, writeQuickValues } from './codec/quick-column.js';
import { RangeDecoder } from './codec/range-decoder.js';
import { RangeEncoder } from './codec/range-encoder.js';
import { readTimes, writeTimes } from './codec/time-column.js';
import type { Column } from './column.js';

/** How the values of a chunk are written. Numbers on disk: never change one; new ones may come. */
const FORM = { one: 1, decimals: 2, doubles: 3, noise: 4, quick: 5 } as const;
type Form = (typeof FORM)[keyof typeof FORM];

const FORM_AT = 0;
const CHECKSUM_AT = 1;
const COUNT_AT = 5;
const HEADER_BYTES = 9;
/** What a header may ask for: six hours of a sample each millisecond and more. Above it the bytes are damaged. */
const MOST_SAMPLES = 2 ** 25;

/**
 * Samples as bytes: form, checksum, count, digits that are noise, and then one stream of adaptively coded whole numbers.
 * Values come back bit for bit, NaN with their payloads included. `startMs` is near the first time; the decoder needs the same.
 * Throws a RangeError for more than 33 million samples.
 */
export function encodeChunk({ timesMs, values }: Column, startMs: number): Uint8Array {
  if (timesMs.length > MOST_SAMPLES)
    throw new RangeError(`${timesMs.length} samples are too many for a chunk`);
  const encoder = new RangeEncoder(timesMs.length + 32);
  writeTimes(encoder, timesMs, startMs);
  const { form, noise } = writeValues(encoder, values);
  return framed(form, timesMs.length, [noise, encoder.finish()]);
}

/** As {@link encodeChunk}: some twice as large, in a tenth of the time. For samples that have not settled yet. */
export function encodeQuickChunk({ timesMs, values }: Column, startMs: number): Uint8Array {
  return writeQuickChunk(values, encodeQuickTimes(timesMs, startMs)).slice();
}

/** The times of a quick chunk, which many series share. */
export function encodeQuickTimes(timesMs: Float64Array, startMs: number): Uint8Array {
  if (timesMs.length > MOST_SAMPLES)
    throw new RangeError(`${timesMs.length} samples are too many for a chunk`);
  SCRATCH.clear();
  writeQuickTimes(SCRATCH, timesMs, startMs);
  return SCRATCH.take();
}

/** As {@link encodeQuickChunk}, with times that were encoded before and without a copy: valid until the next call. */
export function writeQuickChunk(values: Float64Array, timeBytes: Uint8Array): Uint8Array {
  SCRATCH.clear();
  SCRATCH.byte(FORM.quick);
  SCRATCH.uint32(0);
  SCRATCH.uint32(values.length);
  SCRATCH.bytes(timeBytes);
  writeQuickValues(SCRATCH, values);
  const bytes = SCRATCH.view();
  SCRATCH.patchUint32(CHECKSUM_AT, checksumOf(bytes));
  return bytes;
}

/** Used within one call only. */
const SCRATCH = new ByteWriter(16_384);

function framed(form: Form, count: number, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, HEADER_BYTES));
  let offset = HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  const view = new DataView(bytes.buffer);
  view.setUint8(FORM_AT, form);
  view.setUint32(COUNT_AT, count, true);
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
  if (form === FORM.quick) return decodeQuick(bytes, count, startMs);
  const streamAt = HEADER_BYTES + (form === FORM.noise ? count * NOISE_BYTES : 0);
  const decoder = new RangeDecoder(bytes, streamAt);
  const timesMs = readTimes(decoder, count, startMs);
  if (form === FORM.noise)
    return { timesMs, values: readNoise(decoder, count, bytes.subarray(HEADER_BYTES, streamAt)) };
  return { timesMs, values: readValues(decoder, count, form) };
}

function decodeQuick(bytes: Uint8Array, count: number, startMs: number): Column {
  const reader = new ByteReader(bytes, HEADER_BYTES);
  return { timesMs: readQuickTimes(reader, count, startMs), values: readQuickValues(reader, count) };
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

function readValues(decoder: RangeDecoder, count: number, form: Form): Float64Array {
  if (form === FORM.doubles) return readDoubles(decoder, count);
  if (form === FORM.one) return repeated(readDoubles(decoder, Math.min(1, count)), count);
  if (form !== FORM.decimals) throw new RangeError(`unknown form ${String(form)} of a chunk`);
  return readDecimals(decoder, count);
}
