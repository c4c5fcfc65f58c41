import { AdaptiveBits } from './adaptive-bits.js';
import { IntegerModel } from './integer-model.js';
import type { RangeDecoder } from './range-decoder.js';
import type { RangeEncoder } from './range-encoder.js';

const NODES_OF_A_BYTE = 256;

/** Used within one call only. */
const BYTES = new AdaptiveBits(4 * NODES_OF_A_BYTE);

/**
 * Doubles that are no decimals, such as quotients: the upper half (sign, exponent, first digits) as the change from the one
 * before, the lower half byte by byte, whose last ones are often zero. Handled as bits throughout, never as numbers.
 */
export function writeDoubles(encoder: RangeEncoder, values: Float64Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const model = IntegerModel.fresh();
  BYTES.restart();
  let before = 0;
  for (let row = 0; row < values.length; row++) {
    const high = words[row * 2 + 1] as number;
    model.write(encoder, high - before);
    before = high;
    writeWord(encoder, words[row * 2] as number);
  }
}

export function readDoubles(decoder: RangeDecoder, count: number): Float64Array {
  const values = new Float64Array(count);
  const words = new Uint32Array(values.buffer);
  const model = IntegerModel.fresh();
  BYTES.restart();
  for (let row = 0, high = 0; row < count; row++) {
    high += model.read(decoder);
    words[row * 2] = readWord(decoder);
    words[row * 2 + 1] = high;
  }
  return values;
}

function writeWord(encoder: RangeEncoder, word: number): void {
  for (let byte = 0; byte < 4; byte++) {
    for (let node = 1, shift = 7; shift >= 0; shift--) {
      const bit = (word >>> (byte * 8 + shift)) & 1;
      encoder.bit(BYTES, byte * NODES_OF_A_BYTE + node, bit);
      node = (node << 1) | bit;
    }
  }
}

function readWord(decoder: RangeDecoder): number {
  let word = 0;
  for (let byte = 0; byte < 4; byte++) {
    let node = 1;
    while (node < NODES_OF_A_BYTE) node = (node << 1) | decoder.bit(BYTES, byte * NODES_OF_A_BYTE + node);
    word |= (node - NODES_OF_A_BYTE) << (byte * 8);
  }
  return word >>> 0;
}
