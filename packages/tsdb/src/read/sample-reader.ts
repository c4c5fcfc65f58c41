import type { Clock } from '@labkeeper/core';
import { decodeChunk } from '../chunk.js';
import { type Column, columnBetween, mergeAll } from '../column.js';
import type { HeadSeries } from '../head/head-series.js';
import type { PackInfo } from '../packs/chunk-store.js';
import type { PackDirectory } from '../packs/pack-directory.js';
import { Breather } from './breather.js';
import { onPresentPacks, PackReader, type PackReaderParts } from './pack-reader.js';

/** A column as the cache keeps it. */
export interface CachedColumn extends Column {
  readonly bytes: number;
}

/** Samples as they were measured: from packs, and from the head. */
export class SampleReader {
  readonly #packs: PackReader<CachedColumn>;
  private readonly clock: Clock;

  constructor(
    private readonly directory: PackDirectory,
    parts: Omit<PackReaderParts<CachedColumn>, 'decode'>,
  ) {
    this.#packs = new PackReader({ ...parts, decode });
    this.clock = parts.clock;
  }

  /** A column for each entry, in their order; `entries` ascend by id. Those without samples have an empty one. */
  between(entries: readonly HeadSeries[], fromMs: number, toMs: number): Promise<readonly Column[]> {
    return onPresentPacks(() => this.#between(entries, fromMs, toMs));
  }

  async #between(entries: readonly HeadSeries[], fromMs: number, toMs: number): Promise<readonly Column[]> {
    const breather = new Breather(this.clock);
    // The head is looked at before packs are read: what moves from one to the other meanwhile is then seen twice, not never.
    const heads = await headsBetween(entries, fromMs, toMs, breather);
    const stored = await this.inPacks(this.directory.between(0, fromMs, toMs), entries);
    const found: Column[] = [];
    for (const [index, { id }] of entries.entries()) {
      const sealed = (stored.get(id) ?? []).map((column) => columnBetween(column, fromMs, toMs));
      const head = heads[index] as Column;
      const merged = mergeAll([...sealed, head]);
      // What one pack alone has is the cache's memory, which callers may not write into.
      found.push(sealed.includes(merged) ? copyOf(merged) : merged);
      if (breather.isTired) await breather.breathe();
    }
    return found;
  }

  /** What the entries have in these packs, by id, in the order of the packs. To be called within `onPresentPacks`. */
  inPacks(
    packs: readonly PackInfo[],
    entries: readonly HeadSeries[],
  ): Promise<ReadonlyMap<number, readonly Column[]>> {
    return this.#packs.read(
      packs,
      entries.map(({ id }) => id),
    );
  }

  clear(): void {
    this.#packs.clear();
  }
}

function copyOf({ timesMs, values }: Column): Column {
  return { timesMs: timesMs.slice(), values: values.slice() };
}

/** What each entry has in the head, with pauses. */
export async function headsBetween(
  entries: readonly HeadSeries[],
  fromMs: number,
  toMs: number,
  breather: Breather,
): Promise<readonly Column[]> {
  const heads: Column[] = [];
  for (const entry of entries) {
    heads.push(entry.between(fromMs, toMs));
    if (breather.isTired) await breather.breathe();
  }
  return heads;
}

function decode(chunks: readonly Uint8Array[], { fromMs }: PackInfo): CachedColumn {
  const column = mergeAll(chunks.map((chunk) => decodeChunk(chunk, fromMs)));
  return { ...column, bytes: column.timesMs.length * 16 + 128 };
}
