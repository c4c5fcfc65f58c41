const TWO_POW_31 = 2 ** 31;

/** Whole numbers and texts as bytes, one behind the other, in memory that grows. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 1_024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2⁵³ in as few bytes as it needs: seven bits each, the lowest first (LEB128). */
  uint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    if (value < 128) {
      this.#bytes[this.#length++] = value;
      return;
    }
    let rest = value;
    while (rest >= TWO_POW_31) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign, at most 2⁵² in magnitude. */
  int(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  uint32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte((value >>> shift) & 255);
  }

  bytes(added: Uint8Array): void {
    if (this.#length + added.length > this.#bytes.length) this.#grow(added.length);
    this.#bytes.set(added, this.#length);
    this.#length += added.length;
  }

  text(text: string): void {
    const encoded = Buffer.from(text);
    this.uint(encoded.length);
    this.bytes(encoded);
  }

  /** Writes over four bytes that are there already. */
  patchUint32(at: number, value: number): void {
    for (let byte = 0; byte < 4; byte++) this.#bytes[at + byte] = (value >>> (byte * 8)) & 255;
  }

  /** What was written, without a copy: valid until the next write. */
  view(from = 0): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, this.#length);
  }

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + needed));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
