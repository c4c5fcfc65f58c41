/** Bytes of one slab: an array of its own for each chunk would cost more memory than the chunk. */
const SLAB_BYTES = 65_536;

/** Where a chunk lies. */
export interface SlabPlace {
  readonly slab: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** Puts small chunks one behind the other into large arrays. A slab goes when nobody refers to it any more. */
export class ChunkSlabs {
  #slab = new Uint8Array(0);
  #used = 0;

  add(bytes: Uint8Array): SlabPlace {
    if (this.#used + bytes.length > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB_BYTES, bytes.length));
      this.#used = 0;
    }
    const offset = this.#used;
    this.#slab.set(bytes, offset);
    this.#used += bytes.length;
    return { slab: this.#slab, offset, length: bytes.length };
  }
}
