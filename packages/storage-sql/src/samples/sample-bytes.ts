/**
 * Writes the binary forms of samples: unsigned and signed whole numbers of 32 bits as variable-length groups of seven
 * bits, doubles as their eight bytes. Doubles are copied as bytes, never as numbers: a NaN would lose its payload.
 */
export class SampleBytesWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(16, expectedBytes));
  }

  unsigned(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Small numbers of either sign are short: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
  signed(value: number): void {
    this.unsigned((value << 1) ^ (value >> 31));
  }

  doubles(values: Float64Array): void {
    this.#reserve(values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), this.#length);
    this.#length += values.byteLength;
  }

  /** What was written. The writer must not be used after it. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Reads what {@link SampleBytesWriter} wrote. Throws a RangeError where the bytes end too early. */
export class SampleBytesReader {
  #offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  unsigned(): number {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = this.bytes[this.#offset++];
      if (byte === undefined) throw new RangeError('sample bytes end too early');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      shift += 7;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  doubles(count: number): Float64Array {
    const values = new Float64Array(count);
    this.doublesInto(values, 0, count);
    return values;
  }

  /** Reads `count` doubles to where `start` is in `target`. */
  doublesInto(target: Float64Array, start: number, count: number): void {
    const end = this.#offset + count * 8;
    if (end > this.bytes.length) throw new RangeError('sample bytes end too early');
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    bytes.set(this.bytes.subarray(this.#offset, end), start * 8);
    this.#offset = end;
  }
}
