import type { AdaptiveBits } from './adaptive-bits.js';
import { EVEN, PARTS, PROBABILITY_SHIFT, TOP_BYTE } from './range-interval.js';

/** Reads what `RangeEncoder` wrote, when it is asked for the same decisions with the same guesses. */
export class RangeDecoder {
  #offset: number;
  #low = 0;
  #high = 0xffffffff;
  #code = 0;

  constructor(
    private readonly bytes: Uint8Array,
    offset: number,
  ) {
    this.#offset = offset;
    for (let byte = 0; byte < 4; byte++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  bit(bits: AdaptiveBits, index: number): number {
    const bit = this.#narrow(bits.probabilityOf(index) >>> PROBABILITY_SHIFT);
    bits.learn(index, bit);
    return bit;
  }

  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) value = (value << 1) | this.#narrow(EVEN);
    return value >>> 0;
  }

  #narrow(probability: number): number {
    const range = this.#high - this.#low;
    const middle = this.#low + Math.floor(range / PARTS) * probability;
    const bit = this.#code <= middle ? 1 : 0;
    if (bit === 1) this.#high = middle;
    else this.#low = middle + 1;
    while (((this.#low ^ this.#high) & TOP_BYTE) === 0) {
      this.#low = (this.#low << 8) >>> 0;
      this.#high = ((this.#high << 8) | 255) >>> 0;
      this.#code = ((this.#code << 8) | this.#next()) >>> 0;
    }
    return bit;
  }

  /** Beyond the end there are zeros: the encoder leaves out what does not matter. */
  #next(): number {
    return this.bytes[this.#offset++] ?? 0;
  }
}
