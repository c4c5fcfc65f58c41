import type { AdaptiveBits } from './adaptive-bits.js';
import { EVEN, PARTS, PROBABILITY_SHIFT, TOP_BYTE } from './range-interval.js';

/**
 * Writes binary decisions as bytes: a carry-free arithmetic coder over an interval of 32 bits, as in Mahoney's lpaq. What is
 * likely costs a fraction of a bit.
 */
export class RangeEncoder {
  #bytes: Uint8Array;
  #length = 0;
  #low = 0;
  #high = 0xffffffff;

  /** `expectedBytes` is a guess; more are taken when they are needed. */
  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(Math.max(16, expectedBytes));
  }

  /** A decision with the guess `index` of `bits`. */
  bit(bits: AdaptiveBits, index: number, bit: number): void {
    this.#narrow(bits.probabilityOf(index) >>> PROBABILITY_SHIFT, bit);
    bits.learn(index, bit);
  }

  /** The lowest `count` bits of `value`, highest first, each as likely as not. At most 32. */
  direct(value: number, count: number): void {
    for (let shift = count - 1; shift >= 0; shift--) this.#narrow(EVEN, (value >>> shift) & 1);
  }

  /** Everything that was written. The encoder must not be used after it. */
  finish(): Uint8Array {
    // One byte is enough to lie inside the interval, for the reader goes on with zeros.
    this.#push((this.#low >>> 24) + 1);
    return this.#bytes.subarray(0, this.#length);
  }

  #narrow(probability: number, bit: number): void {
    const range = this.#high - this.#low;
    const middle = this.#low + Math.floor(range / PARTS) * probability;
    if (bit === 1) this.#high = middle;
    else this.#low = middle + 1;
    while (((this.#low ^ this.#high) & TOP_BYTE) === 0) {
      this.#push(this.#high >>> 24);
      this.#low = (this.#low << 8) >>> 0;
      this.#high = ((this.#high << 8) | 255) >>> 0;
    }
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
