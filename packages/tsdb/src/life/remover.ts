import { decodeChunk, encodeChunk, encodeQuickChunk } from '../chunk.js';
import { columnBetween, joinColumns } from '../column.js';
import { dayOf } from '../compact/day.js';
import type { Head } from '../head/head.js';
import type { HeadSeries } from '../head/head-series.js';
import type { ChunkStore, NewPack, PackInfo } from '../packs/chunk-store.js';
import { type PackedChunk, readPack } from '../packs/pack.js';
import { type BuiltChunk, PackBuilder } from '../packs/pack-builder.js';
import type { PackDirectory } from '../packs/pack-directory.js';
import { decodeRollup, encodeRollup } from '../rollup-chunk.js';
import { mergeRollups, rollupBetween } from '../rollup-columns.js';

interface RemoverParts {
  readonly head: Head;
  readonly store: ChunkStore;
  readonly directory: PackDirectory;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Takes samples out of packs. The head must have been sealed: what is in the journal cannot be taken out of it. */
export class Remover {
  constructor(private readonly parts: RemoverParts) {}

  /** Gives the days that it took something from. One pack in each commit: a long deletion holds up nobody, and an end in between leaves the rest for the next time. */
  async remove(entries: readonly HeadSeries[], span: Span): Promise<readonly number[]> {
    const ids = new Set(entries.map(({ id }) => id));
    const [first, last] = [entries[0]?.id ?? 0, entries.at(-1)?.id ?? -1];
    const packs = [...this.parts.directory.all()].filter(
      (pack) =>
        pack.oldestMs <= reachOf(pack, span) &&
        pack.newestMs >= span.fromMs &&
        pack.firstSeries <= last &&
        pack.lastSeries >= first,
    );
    const days = new Set<number>();
    for (const pack of packs) {
      const removed = await this.#cut(pack, ids, span);
      if (removed === 0) continue;
      days.add(dayOf(pack));
    }
    await this.forgetEmpty(entries);
    return [...days];
  }

  /** Series of these that nothing is left of disappear. Reads every pack, until each has been found in one. */
  async forgetEmpty(entries: readonly HeadSeries[]): Promise<void> {
    const { head, store, directory } = this.parts;
    const candidates = new Set(entries.filter(({ isEmpty }) => isEmpty).map(({ id }) => id));
    for (const pack of directory.all()) {
      if (candidates.size === 0) return;
      const bytes = (await store.read([pack.id])).get(pack.id);
      if (bytes) for (const { seriesId } of listOf(bytes)) candidates.delete(seriesId);
    }
    const gone = entries.filter(({ id, isEmpty }) => candidates.has(id) && isEmpty);
    await directory.commit({ removedSeries: gone.filter(({ isStored }) => isStored).map(({ id }) => id) });
    // One that has got a sample meanwhile stays, and is stored anew with its next chunk.
    for (const entry of gone) entry.isStored = false;
    head.index.remove(gone.filter(({ isEmpty }) => isEmpty));
  }

  async #cut(pack: PackInfo, ids: ReadonlySet<number>, span: Span): Promise<number> {
    const { store, directory } = this.parts;
    const bytes = (await store.read([pack.id])).get(pack.id);
    if (!bytes) return 0;
    // Under its old number: of packs that overlap, the one that came first must stay the first.
    const frame = { ...pack, isSettled: pack.resolutionMs > 0 };
    const builder = new PackBuilder(frame, () => pack.id, Number.POSITIVE_INFINITY);
    let removed = 0;
    for (const chunk of listOf(bytes)) {
      const cut = cutChunk(pack, chunk, ids.has(chunk.seriesId) ? span : undefined);
      removed += cut.removed;
      if (cut.rest) builder.add(cut.rest);
    }
    if (removed === 0) return 0;
    const addedPacks: readonly NewPack[] = builder.finish();
    await directory.commit({ addedPacks, removedPacks: [pack.id] });
    return removed;
  }
}

/** A step of a roll-up is touched when the span reaches into it, which may be before its end. */
function reachOf({ resolutionMs }: PackInfo, { toMs }: Span): number {
  return toMs + Math.max(0, resolutionMs - 1);
}

interface Cut {
  readonly removed: number;
  readonly rest?: BuiltChunk;
}

/** What a chunk has outside of the span; all of it without one. A chunk that is damaged stays as it is. */
function cutChunk(pack: PackInfo, { seriesId, bytes }: PackedChunk, span: Span | undefined): Cut {
  try {
    const { timesMs, rest, encode } =
      pack.resolutionMs === 0 ? cutSamples(pack, bytes, span) : cutRollup(pack, bytes, span);
    const removed = timesMs.length - rest.length;
    if (rest.length === 0) return { removed };
    return { removed, rest: { seriesId, bytes: removed === 0 ? bytes : encode(), ...factsOf(rest) } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      removed: 0,
      rest: { seriesId, bytes, samples: 0, oldestMs: pack.oldestMs, newestMs: pack.newestMs },
    };
  }
}

/** Times before and after the cut, and how to write what is left. */
interface CutColumn {
  readonly timesMs: Float64Array;
  readonly rest: Float64Array;
  encode(): Uint8Array;
}

function cutSamples(pack: PackInfo, bytes: Uint8Array, span: Span | undefined): CutColumn {
  const column = decodeChunk(bytes, pack.fromMs);
  const rest = span
    ? joinColumns([
        columnBetween(column, Number.NEGATIVE_INFINITY, span.fromMs - 1),
        columnBetween(column, span.toMs + 1, Number.POSITIVE_INFINITY),
      ])
    : column;
  const encode = pack.isSettled ? encodeChunk : encodeQuickChunk;
  return { timesMs: column.timesMs, rest: rest.timesMs, encode: () => encode(rest, pack.fromMs) };
}

function cutRollup(pack: PackInfo, bytes: Uint8Array, span: Span | undefined): CutColumn {
  const rollup = decodeRollup(bytes, pack.fromMs);
  const rest = span
    ? mergeRollups(
        rollupBetween(rollup, Number.NEGATIVE_INFINITY, span.fromMs - 1),
        rollupBetween(rollup, reachOf(pack, span) + 1, Number.POSITIVE_INFINITY),
      )
    : rollup;
  return { timesMs: rollup.timesMs, rest: rest.timesMs, encode: () => encodeRollup(rest, pack.fromMs) };
}

function factsOf(timesMs: Float64Array) {
  return {
    samples: timesMs.length,
    oldestMs: timesMs[0] as number,
    newestMs: timesMs[timesMs.length - 1] as number,
  };
}

/** Nothing for a pack whose list is damaged: nothing can be found in it. */
export function listOf(bytes: Uint8Array): readonly PackedChunk[] {
  try {
    return readPack(bytes);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
