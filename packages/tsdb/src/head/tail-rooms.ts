/**
 * Samples that are held as they are until they become a chunk: more need more memory, fewer make larger chunks.
 * As in Prometheus' head, where it has been 120 since 2017.
 */
export const TAIL_SAMPLES = 120;

/** Rooms of one slab: 60 KB, which is little in a small house, and few allocations in a large one. */
const ROOMS_OF_SLAB = 64;

/** Room for the values of one tail: {@link TAIL_SAMPLES} of them, from `offset`. */
export interface TailRoom {
  readonly slab: Float64Array;
  readonly offset: number;
}

/**
 * Rooms for the values of tails, side by side in large arrays: an array for each series, doubled as it fills, would leave as much unusable
 * memory behind as it holds. Rooms are given back, slabs are not: there are as many as series ever had a tail at once.
 */
export class TailRooms {
  readonly #free: TailRoom[] = [];

  take(): TailRoom {
    if (this.#free.length === 0) this.#addSlab();
    return this.#free.pop() as TailRoom;
  }

  giveBack(room: TailRoom): void {
    this.#free.push(room);
  }

  /** The last room first: they are taken from the end, and series that begin together lie in order. */
  #addSlab(): void {
    const slab = new Float64Array(ROOMS_OF_SLAB * TAIL_SAMPLES);
    for (let room = ROOMS_OF_SLAB - 1; room >= 0; room--)
      this.#free.push({ slab, offset: room * TAIL_SAMPLES });
  }
}
