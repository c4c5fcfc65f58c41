import { type Clock, LabkeeperError, type Logger } from '@labkeeper/core';
import { lowerBound } from '../column.js';
import type { ChunkStore, PackInfo } from '../packs/chunk-store.js';
import { type Decoded, DecodedCache } from '../packs/decoded-cache.js';
import { type PackedChunk, readPack } from '../packs/pack.js';
import { Breather } from './breather.js';

/** Packs read from the store at once: some 3 MB. */
const PACKS_AT_ONCE = 64;
/** Numbers of series in a key of the cache. A store has fewer. */
const SERIES_PER_PACK = 2 ** 24;

export interface PackReaderParts<Value extends Decoded> {
  readonly store: ChunkStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly cacheBytes: number;
  /** Whether a pack is one of those that there are, or has been replaced. */
  readonly isPresent: (packId: number) => boolean;
  /** What the chunks of one series in one pack hold. A RangeError means that they are damaged. */
  readonly decode: (chunks: readonly Uint8Array[], pack: PackInfo) => Value;
}

/** Some packs went while they were read: what was in them is in others now, which must be looked for anew. */
class PacksReplaced extends Error {}

/** Does the work, and does it again when packs were replaced under it. Each time fewer of them are to be. */
export async function onPresentPacks<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PacksReplaced)) throw error;
    }
  }
}

/** Reads what some series have in some packs. What was decoded lately is remembered. */
export class PackReader<Value extends Decoded> {
  readonly #cache: DecodedCache<Value>;
  /** Grows when packs changed: what was read before must not be remembered. */
  #generation = 0;
  /** Packs and chunks that were told of as damaged. */
  readonly #damaged = new Set<string>();

  constructor(private readonly parts: PackReaderParts<Value>) {
    this.#cache = new DecodedCache(parts.cacheBytes);
  }

  /** By series, in the order of the packs. `ids` ascend. To be called within {@link onPresentPacks}. */
  async read(packs: readonly PackInfo[], ids: readonly number[]): Promise<ReadonlyMap<number, Value[]>> {
    const [breather, generation, taken] = [new Breather(this.parts.clock), this.#generation, { bytes: 0 }];
    const found = new Map<number, Value[]>();
    for (let start = 0; start < packs.length; start += PACKS_AT_ONCE) {
      const some = packs.slice(start, start + PACKS_AT_ONCE);
      const wanted = some.map((pack) => this.#wanted(pack, ids));
      const missing = some.filter((_, index) => (wanted[index]?.missing.length ?? 0) > 0);
      const bytes = missing.length > 0 ? await this.parts.store.read(missing.map(({ id }) => id)) : NO_BYTES;
      for (const [index, pack] of some.entries()) {
        const { known, missing: absent } = wanted[index] as Wanted<Value>;
        for (const [id, value] of known) push(found, id, value);
        if (absent.length > 0)
          await this.#decode(pack, bytes.get(pack.id), absent, found, { breather, generation, taken });
      }
    }
    return found;
  }

  /** Forgets everything decoded: packs were changed. */
  clear(): void {
    this.#generation += 1;
    this.#cache.clear();
  }

  #wanted(pack: PackInfo, ids: readonly number[]): Wanted<Value> {
    const known: [number, Value][] = [];
    const missing: number[] = [];
    for (let at = lowerBound(ids, ids.length, pack.firstSeries); at < ids.length; at++) {
      const id = ids[at] as number;
      if (id > pack.lastSeries) break;
      const value = this.#cache.get(pack.id * SERIES_PER_PACK + id);
      if (value) known.push([id, value]);
      else missing.push(id);
    }
    return { known, missing };
  }

  async #decode(
    pack: PackInfo,
    bytes: Uint8Array | undefined,
    ids: readonly number[],
    found: Map<number, Value[]>,
    { breather, generation, taken }: Reading,
  ): Promise<void> {
    if (!bytes) {
      if (!this.parts.isPresent(pack.id)) throw new PacksReplaced();
      this.#tellOfDamage(`pack ${pack.id}`, new RangeError('it is not in the database'));
      return;
    }
    for (const [id, chunks] of this.#chunksOf(pack, bytes, ids)) {
      const value = this.#decoded(pack, id, chunks);
      if (!value) continue;
      taken.bytes += value.bytes;
      if (taken.bytes > MOST_BYTES) throw tooMuch();
      if (generation === this.#generation) this.#cache.set(pack.id * SERIES_PER_PACK + id, value);
      push(found, id, value);
      if (breather.isTired) await breather.breathe();
    }
  }

  #chunksOf(pack: PackInfo, bytes: Uint8Array, ids: readonly number[]): ReadonlyMap<number, Uint8Array[]> {
    const wanted = new Set(ids);
    const found = new Map<number, Uint8Array[]>();
    for (const { seriesId, bytes: chunk } of this.#listOf(pack, bytes))
      if (wanted.has(seriesId)) push(found, seriesId, chunk);
    return found;
  }

  #listOf(pack: PackInfo, bytes: Uint8Array): readonly PackedChunk[] {
    try {
      return readPack(bytes);
    } catch (error) {
      this.#tellOfDamage(`pack ${pack.id}`, error);
      return [];
    }
  }

  /** Undefined for a chunk that is damaged: it costs its own samples, and nothing else. */
  #decoded(pack: PackInfo, id: number, chunks: readonly Uint8Array[]): Value | undefined {
    try {
      return this.parts.decode(chunks, pack);
    } catch (error) {
      this.#tellOfDamage(`series ${id} in pack ${pack.id}`, error);
      return undefined;
    }
  }

  #tellOfDamage(place: string, error: unknown): void {
    if (!(error instanceof RangeError)) throw error;
    if (this.#damaged.has(place)) return;
    this.#damaged.add(place);
    this.parts.log.error('damaged samples are left out', { place, reason: error.message });
  }
}

/** One call of `read`. */
interface Reading {
  readonly breather: Breather;
  readonly generation: number;
  readonly taken: { bytes: number };
}

/** What one selection may decode: a month of 200 series at 10 s. More would end the process on a small machine. */
const MOST_BYTES = 800_000_000;

function tooMuch(): LabkeeperError {
  return new LabkeeperError('STORAGE_INVALID', 'the selection has more than 50 million samples', {
    allowed: 'fewer series, a shorter span, or a roll-up',
  });
}

interface Wanted<Value> {
  readonly known: readonly (readonly [number, Value])[];
  readonly missing: readonly number[];
}

const NO_BYTES: ReadonlyMap<number, Uint8Array> = new Map();

function push<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
