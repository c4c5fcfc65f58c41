import { ByteQueue } from './byte-queue.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** No exporter writes such a line, and whoever sends one must not fill the memory. */
const MOST_LINE_BYTES = 1_048_576;
/** What is kept of a line that is too long: enough to recognise it. */
const BEGINNING_BYTES = 160;

/**
 * Cuts what arrives into lines. The current line is `bytes[from…to)`, without its end; it is valid until the next call.
 * Fields instead of a result per line, because a file has millions of them.
 */
export class LineReader {
  bytes: Buffer = Buffer.alloc(0);
  from = 0;
  to = 0;
  /** Of the current line; the first is 1. */
  number = 0;
  /** Then the current line is only its beginning. */
  isTooLong = false;
  readonly #queue = new ByteQueue();
  #next = 0;
  #scanned = 0;
  #beginning: Buffer | undefined;

  arrive(slice: Uint8Array): void {
    this.#queue.drop(this.#next);
    this.#scanned -= this.#next;
    this.#next = 0;
    this.#queue.append(slice);
    this.#show(this.#queue.waiting);
  }

  /** Goes to the next whole line; false when more must arrive first. */
  next(): boolean {
    if (this.isTooLong) this.#show(this.#queue.waiting);
    const end = this.bytes.indexOf(LINE_FEED, this.#scanned);
    if (end < 0) {
      this.#wait();
      return false;
    }
    this.#take(end);
    this.#next = this.#scanned = end + 1;
    return true;
  }

  /** After the last {@link next}: goes to what has no line feed behind it; false when there is nothing. */
  rest(): boolean {
    if (this.#next === this.bytes.length && !this.#beginning) return false;
    this.#take(this.bytes.length);
    return true;
  }

  #show(bytes: Uint8Array): void {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.isTooLong = false;
  }

  #take(end: number): void {
    this.number += 1;
    this.from = this.#next;
    this.to = end;
    if (this.#beginning || end - this.#next > MOST_LINE_BYTES) this.#shorten();
    // Files that went through Windows.
    else if (end > this.#next && this.bytes[end - 1] === CARRIAGE_RETURN) this.to = end - 1;
  }

  #shorten(): void {
    this.bytes = this.#beginning ?? this.#copyBeginning();
    this.#beginning = undefined;
    this.isTooLong = true;
    [this.from, this.to] = [0, this.bytes.length];
  }

  /** Remembers how far was looked, and lets go of a line that has become too long. */
  #wait(): void {
    this.#scanned = this.bytes.length;
    if (!this.#beginning && this.bytes.length - this.#next > MOST_LINE_BYTES)
      this.#beginning = this.#copyBeginning();
    if (this.#beginning) this.#next = this.bytes.length;
  }

  #copyBeginning(): Buffer {
    return Buffer.from(this.bytes.subarray(this.#next, this.#next + BEGINNING_BYTES));
  }
}
