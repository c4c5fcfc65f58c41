/** First room, in bytes: a piece as files and sockets give them. */
const FIRST_ROOM = 65_536;

/** Bytes that have arrived and are not used up yet, in one piece whatever the pieces in which they came. */
export class ByteQueue {
  #bytes = new Uint8Array(FIRST_ROOM);
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** What waits. Valid until the next {@link append}. */
  get waiting(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#to);
  }

  append(arrived: Uint8Array): void {
    if (this.#to + arrived.length > this.#bytes.length) this.#makeRoom(arrived.length);
    this.#bytes.set(arrived, this.#to);
    this.#to += arrived.length;
  }

  /** Uses up the first `count` bytes. */
  drop(count: number): void {
    this.#from += count;
  }

  /** Twice the room that is needed, so that many small pieces are not copied again and again. */
  #makeRoom(more: number): void {
    const needed = this.length + more;
    const room =
      needed * 2 > this.#bytes.length ? new Uint8Array(Math.max(FIRST_ROOM, needed * 2)) : this.#bytes;
    room.set(this.waiting);
    this.#bytes = room;
    this.#to -= this.#from;
    this.#from = 0;
  }
}
