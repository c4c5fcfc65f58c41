/** Anything decoded that knows its size. */
export interface Decoded {
  readonly bytes: number;
}

/** What was decoded last, up to a number of bytes; what was not asked for the longest goes first. */
export class DecodedCache<Value extends Decoded> {
  readonly #entries = new Map<number, Value>();
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  get(key: number): Value | undefined {
    const found = this.#entries.get(key);
    if (!found) return undefined;
    // A map keeps the order of its insertions: the last one asked for goes to the end.
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  set(key: number, value: Value): void {
    if (value.bytes > this.maxBytes / 4 || this.#entries.has(key)) return;
    this.#entries.set(key, value);
    this.#bytes += value.bytes;
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= this.maxBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}
