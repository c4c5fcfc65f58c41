import type { Logger } from '@labkeeper/core';
import type { HeadSeries } from '../head/head-series.js';
import type { ChunkStore, PackInfo } from '../packs/chunk-store.js';
import { inOrderOfArrival, type PackDirectory } from '../packs/pack-directory.js';
import type { SeriesIndex } from '../series/series-index.js';
import { DAY_MS, dayOf, isUnsettled } from './day.js';
import { DayPacks } from './day-packs.js';
import { DaySource } from './day-source.js';
import { ROLLUP_STEPS_MS, type SettledSeries } from './settle-series.js';
import type { Settler } from './settler.js';

/** Series that are settled at once: some 50 ms of work for a whole day of each. */
const SERIES_AT_ONCE = 24;

export interface CompactorParts {
  readonly store: ChunkStore;
  readonly directory: PackDirectory;
  readonly index: SeriesIndex;
  readonly settler: () => Settler;
  readonly log: Logger;
}

/**
 * Brings whole days into their final form: sealed packs of two hours, and whatever came late, become packs of a day, and roll-ups are made.
 * Reads may go on meanwhile, and an end at any point leaves everything readable: the old packs go with the commit that brings the last new one.
 */
export class Compactor {
  constructor(private readonly parts: CompactorParts) {}

  /** Starts of the days that have ended by `nowMs` and have something to settle, oldest first. */
  dueDays(nowMs: number): readonly number[] {
    const days = new Set<number>();
    for (const pack of this.parts.directory.all())
      if (isUnsettled(pack) && dayOf(pack) + DAY_MS <= nowMs) days.add(dayOf(pack));
    return [...days].sort((a, b) => a - b);
  }

  /** Whether a day has been settled before. */
  isRolledUp(dayMs: number): boolean {
    for (const pack of this.parts.directory.all())
      if (!isUnsettled(pack) && dayOf(pack) === dayMs) return true;
    return false;
  }

  async compact(dayMs: number): Promise<void> {
    const { directory } = this.parts;
    const old = [...directory.all()].filter((pack) => dayOf(pack) === dayMs).sort(inOrderOfArrival);
    const settler = this.parts.settler();
    try {
      const built = new DayPacks(dayMs, directory.nextId);
      const source = new DaySource(this.parts.store, old, this.#yesterday(dayMs), this.parts.log);
      const entries = this.#entriesOf(old);
      for (let start = 0; start < entries.length; start += SERIES_AT_ONCE) {
        const group = await source.unsettled(entries.slice(start, start + SERIES_AT_ONCE));
        if (group.length > 0) this.#collect(built, await settler.settle(group, dayMs));
      }
      await directory.commit({ addedPacks: built.finish(), removedPacks: old.map(({ id }) => id) });
    } finally {
      await settler.close();
    }
  }

  #collect(built: DayPacks, settled: readonly SettledSeries[]): void {
    for (const series of settled) {
      built.add(series);
      const { seriesId, damaged } = series;
      if (damaged > 0)
        this.parts.log.error('damaged samples are left out', { series: seriesId, chunks: damaged });
    }
  }

  /** Packs of the finest roll-up of the day before. */
  #yesterday(dayMs: number): readonly PackInfo[] {
    return [...this.parts.directory.all()].filter(
      (pack) => pack.resolutionMs === ROLLUP_STEPS_MS[0] && dayOf(pack) === dayMs - DAY_MS,
    );
  }

  /** By id, as packs want them. */
  #entriesOf(packs: readonly PackInfo[]): readonly HeadSeries[] {
    const [first, last] = [
      Math.min(...packs.map((p) => p.firstSeries)),
      Math.max(...packs.map((p) => p.lastSeries)),
    ];
    return [...this.parts.index.all()]
      .filter(({ id }) => id >= first && id <= last)
      .sort((a, b) => a.id - b.id);
  }
}
