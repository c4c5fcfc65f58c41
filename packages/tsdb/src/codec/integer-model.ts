import { AdaptiveBits } from './adaptive-bits.js';
import type { RangeDecoder } from './range-decoder.js';
import type { RangeEncoder } from './range-encoder.js';

/** Classes of size: how many bits a magnitude has. 53 is the most that a double holds exactly. */
const CLASS_BITS = 6;
const CLASSES = 1 << CLASS_BITS;
/** Neighbours are alike: what was large before is likely to be large again. Sizes beyond the last are one group. */
const GROUP_OF_CLASS = Uint8Array.from({ length: CLASSES }, (_, size) =>
  size < 2 ? size : size < 4 ? 2 : size < 7 ? 3 : size < 11 ? 4 : 5,
);
const GROUPS = 6;
/** Bits behind the leading one that are worth a guess; the rest is noise. */
const GUESSED_BITS = 2;
const TWO_POW_32 = 2 ** 32;

/** Where the decisions of each kind begin: in one array, for a chunk has some twenty models and most are short. */
const ZERO = 0;
const SIZE = ZERO + GROUPS * 2;
const SIGN = SIZE + GROUPS * CLASSES;
const DIGITS = SIGN + 3;
const DECISIONS = DIGITS + (CLASSES << GUESSED_BITS);

/**
 * A model of whole numbers that are mostly small and resemble their predecessors, such as the differences of a series.
 * Each number is a decision whether it is 0, its size in bits, its sign, and its digits.
 */
export class IntegerModel {
  readonly #bits = new AdaptiveBits(DECISIONS);
  #group = 0;
  #wasZero = 0;
  #lastSign = 0;

  /** One that knows nothing. Valid until the next call: columns are coded one after the other, and making a new one costs more than a short column. */
  static fresh(): IntegerModel {
    SHARED.#bits.restart();
    SHARED.#group = 0;
    SHARED.#wasZero = 0;
    SHARED.#lastSign = 0;
    return SHARED;
  }

  /** `value` is whole and at most 2⁵³ in magnitude; -0 counts as 0. */
  write(encoder: RangeEncoder, value: number): void {
    const zero = ZERO + this.#group * 2 + this.#wasZero;
    if (value === 0) {
      encoder.bit(this.#bits, zero, 1);
      this.#remember(0, 0);
      return;
    }
    encoder.bit(this.#bits, zero, 0);
    const magnitude = Math.abs(value);
    const size = bitsOf(magnitude);
    this.#writeSize(encoder, size);
    const sign = value < 0 ? 1 : 0;
    encoder.bit(this.#bits, SIGN + this.#lastSign, sign);
    this.#writeDigits(encoder, magnitude, size);
    this.#remember(size, 1 + sign);
  }

  read(decoder: RangeDecoder): number {
    const zero = ZERO + this.#group * 2 + this.#wasZero;
    if (decoder.bit(this.#bits, zero) === 1) {
      this.#remember(0, 0);
      return 0;
    }
    const size = this.#readSize(decoder);
    const sign = decoder.bit(this.#bits, SIGN + this.#lastSign);
    const magnitude = this.#readDigits(decoder, size);
    this.#remember(size, 1 + sign);
    return sign === 1 ? -magnitude : magnitude;
  }

  #remember(size: number, sign: number): void {
    this.#wasZero = this.#group === 0 ? 1 : 0;
    this.#group = GROUP_OF_CLASS[size] as number;
    if (sign !== 0) this.#lastSign = sign;
  }

  #writeSize(encoder: RangeEncoder, size: number): void {
    const tree = SIZE + this.#group * CLASSES;
    for (let node = 1, shift = CLASS_BITS - 1; shift >= 0; shift--) {
      const bit = (size >>> shift) & 1;
      encoder.bit(this.#bits, tree + node, bit);
      node = (node << 1) | bit;
    }
  }

  #readSize(decoder: RangeDecoder): number {
    const tree = SIZE + this.#group * CLASSES;
    let node = 1;
    while (node < CLASSES) node = (node << 1) | decoder.bit(this.#bits, tree + node);
    return node - CLASSES;
  }

  #writeDigits(encoder: RangeEncoder, magnitude: number, size: number): void {
    const guessed = Math.min(GUESSED_BITS, size - 1);
    const rest = size - 1 - guessed;
    const top = Math.floor(magnitude / 2 ** rest);
    for (let node = 1, shift = guessed - 1; shift >= 0; shift--) {
      const bit = (top >>> shift) & 1;
      encoder.bit(this.#bits, DIGITS + (size << GUESSED_BITS) + node, bit);
      node = (node << 1) | bit;
    }
    if (rest > 32) encoder.direct(Math.floor(magnitude / TWO_POW_32), rest - 32);
    encoder.direct(magnitude >>> 0, Math.min(rest, 32));
  }

  #readDigits(decoder: RangeDecoder, size: number): number {
    const guessed = Math.min(GUESSED_BITS, size - 1);
    const rest = size - 1 - guessed;
    let node = 1;
    for (let left = guessed; left > 0; left--) {
      node = (node << 1) | decoder.bit(this.#bits, DIGITS + (size << GUESSED_BITS) + node);
    }
    const high = rest > 32 ? decoder.direct(rest - 32) * TWO_POW_32 : 0;
    return node * 2 ** rest + high + decoder.direct(Math.min(rest, 32));
  }
}

const SHARED = new IntegerModel();

/** Digits of a positive whole number in base 2. */
function bitsOf(magnitude: number): number {
  if (magnitude < TWO_POW_32) return 32 - Math.clz32(magnitude);
  return 64 - Math.clz32(Math.floor(magnitude / TWO_POW_32));
}
