import type { Logger } from '@labkeeper/core';
import type { HeadSeries } from '../head/head-series.js';
import type { ChunkStore, PackInfo } from '../packs/chunk-store.js';
import { type PackedChunk, readPack } from '../packs/pack.js';
import { type PlacedChunk, ROLLUP_STEPS_MS, type UnsettledSeries } from './settle-series.js';

/** Reads the packs of a day along the series, each once: it holds only those that the next series may be in. */
export class DaySource {
  readonly #open = new Map<number, readonly PackedChunk[]>();

  constructor(
    private readonly store: ChunkStore,
    private readonly packs: readonly PackInfo[],
    private readonly yesterday: readonly PackInfo[],
    private readonly log: Logger,
  ) {}

  async unsettled(entries: readonly HeadSeries[]): Promise<readonly UnsettledSeries[]> {
    const [first, last] = [entries[0]?.id ?? 0, entries.at(-1)?.id ?? 0];
    const needed = [...this.packs, ...this.yesterday].filter(
      (pack) => pack.firstSeries <= last && pack.lastSeries >= first,
    );
    await this.#load(needed);
    return entries.flatMap(({ id, series }) => {
      const chunks = this.#chunks(id, needed, 0);
      const rollups = new Map(ROLLUP_STEPS_MS.map((stepMs) => [stepMs, this.#chunks(id, needed, stepMs)]));
      if (chunks.length === 0 && [...rollups.values()].every(({ length }) => length === 0)) return [];
      const before = this.#chunks(id, this.yesterday, ROLLUP_STEPS_MS[0], this.yesterday).at(-1);
      return [{ seriesId: id, name: series.name, chunks, rollups, ...(before ? { before } : {}) }];
    });
  }

  async #load(needed: readonly PackInfo[]): Promise<void> {
    const wanted = new Set(needed.map(({ id }) => id));
    for (const id of this.#open.keys()) if (!wanted.has(id)) this.#open.delete(id);
    const missing = [...wanted].filter((id) => !this.#open.has(id));
    if (missing.length === 0) return;
    const found = await this.store.read(missing);
    for (const id of missing) {
      const bytes = found.get(id);
      // Taken for empty, its samples would be gone with it.
      if (!bytes) throw new Error(`pack ${id} cannot be read`);
      this.#open.set(id, this.#listOf(id, bytes));
    }
  }

  #chunks(
    seriesId: number,
    packs: readonly PackInfo[],
    resolutionMs: number,
    among: readonly PackInfo[] = this.packs,
  ): readonly PlacedChunk[] {
    return packs
      .filter((pack) => pack.resolutionMs === resolutionMs && among.includes(pack))
      .flatMap(({ id, fromMs }) =>
        (this.#open.get(id) ?? [])
          .filter((chunk) => chunk.seriesId === seriesId)
          // A copy: the whole pack would be sent to the thread with each of its chunks.
          .map(({ bytes }) => ({ bytes: Uint8Array.from(bytes), startMs: fromMs })),
      );
  }

  /** Nothing for a pack whose list is damaged: what was in it cannot be found. */
  #listOf(id: number, pack: Uint8Array): readonly PackedChunk[] {
    try {
      return readPack(pack);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.log.error('damaged samples are left out', { place: `pack ${id}`, reason: error.message });
      return [];
    }
  }
}
