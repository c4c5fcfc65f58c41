import type { NewPack } from './chunk-store.js';
import { encodePack, PACK_BYTES, type PackedChunk } from './pack.js';

/** A chunk with what its pack wants to know of it. */
export interface BuiltChunk extends PackedChunk {
  readonly samples: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface PackFrame {
  readonly isSettled: boolean;
  readonly resolutionMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Gathers chunks of one window, by ascending series, into packs. */
export class PackBuilder {
  #chunks: BuiltChunk[] = [];
  #bytes = 0;
  #packs: NewPack[] = [];

  constructor(
    private readonly frame: PackFrame,
    private readonly nextId: () => number,
    private readonly maxBytes = PACK_BYTES,
  ) {}

  add(chunk: BuiltChunk): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.bytes.length;
    if (this.#bytes >= this.maxBytes) this.#close();
  }

  /** The packs that are complete, once each. */
  take(): readonly NewPack[] {
    const packs = this.#packs;
    if (packs.length > 0) this.#packs = [];
    return packs;
  }

  /** All packs that were not taken, the last one however small. */
  finish(): readonly NewPack[] {
    if (this.#chunks.length > 0) this.#close();
    return this.take();
  }

  #close(): void {
    const data = encodePack(this.#chunks);
    this.#packs.push({
      ...frameOf(this.frame),
      id: this.nextId(),
      firstSeries: this.#chunks[0]?.seriesId as number,
      lastSeries: this.#chunks.at(-1)?.seriesId as number,
      samples: this.#chunks.reduce((sum, { samples }) => sum + samples, 0),
      oldestMs: this.#chunks.reduce(
        (least, { oldestMs }) => Math.min(least, oldestMs),
        Number.POSITIVE_INFINITY,
      ),
      newestMs: this.#chunks.reduce(
        (most, { newestMs }) => Math.max(most, newestMs),
        Number.NEGATIVE_INFINITY,
      ),
      bytes: data.length,
      data,
    });
    this.#chunks = [];
    this.#bytes = 0;
  }
}

function frameOf({ isSettled, resolutionMs, fromMs, toMs }: PackFrame): PackFrame {
  return { isSettled, resolutionMs, fromMs, toMs };
}
