/** Reads what `ByteWriter` wrote. Every method throws a RangeError beyond the end. */
export class ByteReader {
  constructor(
    private readonly source: Uint8Array,
    private offset = 0,
  ) {}

  get position(): number {
    return this.offset;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.source.length;
  }

  byte(): number {
    const byte = this.source[this.offset++];
    if (byte === undefined) throw new RangeError('bytes that were cut off');
    return byte;
  }

  uint(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let [value, factor] = [byte & 127, 128];
    do {
      byte = this.byte();
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte >= 128);
    return value;
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 8) value |= this.byte() << shift;
    return value >>> 0;
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.source.length) throw new RangeError('bytes that were cut off');
    const found = this.source.subarray(this.offset, end);
    this.offset = end;
    return found;
  }

  text(): string {
    const found = this.bytes(this.uint());
    return Buffer.from(found.buffer, found.byteOffset, found.byteLength).toString();
  }
}
