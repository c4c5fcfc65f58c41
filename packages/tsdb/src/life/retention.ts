import { DAY_MS, dayOf } from '../compact/day.js';
import { ROLLUP_STEPS_MS } from '../compact/settle-series.js';
import type { Head } from '../head/head.js';
import type { HeadSeries } from '../head/head-series.js';
import type { ChunkStore, PackInfo } from '../packs/chunk-store.js';
import type { PackDirectory } from '../packs/pack-directory.js';
import { listOf, type Remover } from './remover.js';

/** How long what is kept, and how much. */
export interface RetentionRules {
  /** By resolution: 0 for samples, else the length of the steps of a roll-up. */
  readonly keepMs: ReadonlyMap<number, number>;
  /** Bytes of all packs together; beyond it the oldest samples go first, then the finest roll-ups. */
  readonly maxBytes: number;
}

interface RetentionParts {
  readonly head: Head;
  readonly store: ChunkStore;
  readonly directory: PackDirectory;
  readonly remover: Remover;
  readonly rules: RetentionRules;
}

/** Days that go at once. Upkeep comes every two hours, so a machine that was off for a month has caught up in a day. */
const DAYS_AT_ONCE = 3;

/** Lets go of what is too old or too much, pack by pack: nothing is rewritten. */
export class Retention {
  constructor(private readonly parts: RetentionParts) {}

  /** Returns how many packs went. Called after each sealing. */
  async retire(nowMs: number): Promise<number> {
    const doomed = [...this.#tooOld(nowMs)];
    doomed.push(...this.#tooMuch(new Set(doomed)));
    if (doomed.length === 0) return 0;
    const series = await this.#seriesOf(doomed);
    await this.parts.directory.commit({ removedPacks: doomed.map(({ id }) => id) });
    await this.parts.remover.forgetEmpty(series);
    return doomed.length;
  }

  /** Of each resolution the oldest few days at most: one a day is due, and a clock that is wrong for an hour must not cost years. */
  *#tooOld(nowMs: number): Iterable<PackInfo> {
    const packs = [...this.#expired(nowMs)].sort((a, b) => dayOf(a) - dayOf(b));
    const days = new Map<number, Set<number>>();
    for (const pack of packs) {
      const taken = days.get(pack.resolutionMs) ?? new Set();
      days.set(pack.resolutionMs, taken);
      if (taken.size >= DAYS_AT_ONCE && !taken.has(dayOf(pack))) continue;
      taken.add(dayOf(pack));
      yield pack;
    }
  }

  *#expired(nowMs: number): Iterable<PackInfo> {
    const { directory, rules } = this.parts;
    for (const pack of directory.all()) {
      const keepMs = rules.keepMs.get(pack.resolutionMs) ?? Number.POSITIVE_INFINITY;
      // All of a day at once: a series must not have its samples gone while the others have theirs.
      if (dayOf(pack) + DAY_MS < nowMs - keepMs) yield pack;
    }
  }

  #tooMuch(gone: ReadonlySet<PackInfo>): readonly PackInfo[] {
    const { directory, rules } = this.parts;
    const left = [...directory.all()].filter((pack) => !gone.has(pack));
    let bytes = left.reduce((sum, pack) => sum + pack.bytes, 0);
    if (bytes <= rules.maxBytes) return [];
    const doomed: PackInfo[] = [];
    let day = Number.NaN;
    for (const pack of left.sort((a, b) => a.resolutionMs - b.resolutionMs || dayOf(a) - dayOf(b))) {
      if (bytes <= rules.maxBytes && dayOf(pack) !== day) break;
      day = dayOf(pack);
      doomed.push(pack);
      bytes -= pack.bytes;
    }
    return doomed;
  }

  /**
   * Series that may be gone with these packs. A series whose samples were rolled up lives on in the coarsest roll-up, so only that, and
   * samples of days without one, need to be looked into.
   */
  async #seriesOf(doomed: readonly PackInfo[]): Promise<readonly HeadSeries[]> {
    const { directory, head, store } = this.parts;
    const coarsest = ROLLUP_STEPS_MS.at(-1) as number;
    const gone = new Set(doomed);
    const rolledUp = new Set<number>();
    for (const pack of directory.all())
      if (pack.resolutionMs === coarsest && !gone.has(pack)) rolledUp.add(dayOf(pack));
    const ids = new Set<number>();
    for (const pack of doomed) {
      if (rolledUp.has(dayOf(pack))) continue;
      const bytes = (await store.read([pack.id])).get(pack.id);
      if (bytes) for (const { seriesId } of listOf(bytes)) ids.add(seriesId);
    }
    return [...ids].flatMap((id) => head.index.byId(id) ?? []).sort((a, b) => a.id - b.id);
  }
}
