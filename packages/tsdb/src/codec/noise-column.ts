import { IntegerModel } from './integer-model.js';
import type { RangeDecoder } from './range-decoder.js';
import type { RangeEncoder } from './range-encoder.js';

/** Bytes of a double that hold digits which no model can guess; the other two are sign, exponent and the first digits. */
export const NOISE_BYTES = 6;
const DOUBLE_BYTES = 8;
/** Doubles with so few zeros at their end are quotients: every digit is as good as random. */
const FEW_ENDING_IN_ZERO = 1 / 4;

/** Whether trying to compress the last digits would cost time and save nothing. */
export function isNoise(values: Float64Array): boolean {
  const bytes = bytesOf(values);
  let endingInZero = 0;
  for (let at = 0; at < bytes.length; at += DOUBLE_BYTES) if (bytes[at] === 0) endingInZero++;
  return endingInZero < values.length * FEW_ENDING_IN_ZERO;
}

/** Writes what can be guessed of each double, and returns the rest of all of them as it is. */
export function writeNoise(encoder: RangeEncoder, values: Float64Array): Uint8Array {
  const tops = new Uint16Array(values.buffer, values.byteOffset, values.length * 4);
  const [model, bytes] = [IntegerModel.fresh(), bytesOf(values)];
  const rest = new Uint8Array(values.length * NOISE_BYTES);
  for (let row = 0, before = 0; row < values.length; row++) {
    const top = tops[row * 4 + 3] as number;
    model.write(encoder, top - before);
    before = top;
    for (let byte = 0; byte < NOISE_BYTES; byte++)
      rest[row * NOISE_BYTES + byte] = bytes[row * DOUBLE_BYTES + byte] as number;
  }
  return rest;
}

/** `rest` is what {@link writeNoise} returned. Throws a RangeError when it is too short. */
export function readNoise(decoder: RangeDecoder, count: number, rest: Uint8Array): Float64Array {
  if (rest.length < count * NOISE_BYTES) throw new RangeError('a chunk that was cut off');
  const values = new Float64Array(count);
  const tops = new Uint16Array(values.buffer);
  const [model, bytes] = [IntegerModel.fresh(), bytesOf(values)];
  for (let row = 0, top = 0; row < count; row++) {
    top += model.read(decoder);
    tops[row * 4 + 3] = top;
    for (let byte = 0; byte < NOISE_BYTES; byte++)
      bytes[row * DOUBLE_BYTES + byte] = rest[row * NOISE_BYTES + byte] as number;
  }
  return values;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
