import { type Clock, describeError, type Logger } from '@labkeeper/core';
import type { SqlDatabase } from '../database/sql-database.js';
import type { SampleChunks } from './sample-chunks.js';
import type { SampleHead } from './sample-head.js';
import type { IndexedSeries } from './series-index.js';

/** When samples leave the head. */
export interface SealingRules {
  /** Samples of a window stay in the head so long after its end: most late ones then need no second writing. */
  readonly graceMs: number;
  /** With more samples than this in the head, all of them leave at once. Bounds the memory. */
  readonly maxHeadSamples: number;
  /** `seal` empties the head when the store is closed, so that the next start need not read it back. */
  readonly atClose: 'seal' | 'leave';
}

/** Series that are sealed in one transaction: some 5 ms, in which nobody else can write. */
const SERIES_AT_ONCE = 200;

/** After a failure to seal, the next try waits so long: appending goes on meanwhile. */
const RETRY_MS = 60_000;

interface SealerParts {
  readonly database: SqlDatabase;
  readonly head: SampleHead;
  readonly chunks: SampleChunks;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: SealingRules;
}

/** Moves samples from the head into chunks, in small steps. */
export class SampleSealer {
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: SealerParts) {}

  /** Up to where the head should be sealed now; undefined when it need not be. Asked after every append. */
  due(): number | undefined {
    const { head, chunks, clock, rules } = this.parts;
    if (clock.monotonicMs() < this.#notBeforeMs) return undefined;
    if (head.samples > rules.maxHeadSamples) return Number.POSITIVE_INFINITY;
    const beforeMs = chunks.startOf(chunks.windowOf(clock.now() - rules.graceMs));
    return beforeMs > head.sealed.beforeMs ? beforeMs : undefined;
  }

  /** Seals as {@link due} says; a failure is logged and tried again later, for nothing is lost by it. */
  async sealInBackground(beforeMs: number): Promise<void> {
    try {
      await this.seal(beforeMs);
    } catch (error) {
      this.#notBeforeMs = this.parts.clock.monotonicMs() + RETRY_MS;
      this.parts.log.warn('samples could not be moved into chunks; tried again later', {
        reason: describeError(error),
      });
    }
  }

  /**
   * Moves all samples before `beforeMs` into chunks. Interrupted at any point it leaves everything readable: what is in a
   * chunk already is in the log as well until the mark is set.
   */
  async seal(beforeMs: number): Promise<void> {
    const { database, head } = this.parts;
    // Taken between two appends, so that every flush up to here is in the head that is sealed.
    const start = await database.write('relaxed', async () => ({
      logId: head.lastLogId,
      entries: entriesBefore(head, beforeMs),
    }));
    for (let from = 0; from < start.entries.length; from += SERIES_AT_ONCE) {
      await this.#sealPart(start.entries.slice(from, from + SERIES_AT_ONCE), beforeMs);
    }
    await database.write('relaxed', (scope) => head.markSealed(scope, { logId: start.logId, beforeMs }));
  }

  #sealPart(entries: readonly IndexedSeries[], beforeMs: number): Promise<void> {
    const { database, head, chunks } = this.parts;
    return database.write('relaxed', async (scope) => {
      const added = entries.map(({ id, head: column }) => ({
        seriesId: id,
        column: column.between(Number.NEGATIVE_INFINITY, beforeMs - 1),
      }));
      await chunks.add(scope, added);
      scope.afterCommit(() => {
        for (const entry of entries) head.drop(entry, beforeMs);
      });
    });
  }
}

/** By id, so that chunks of a window are written in the order of their index. */
function entriesBefore({ index }: SampleHead, beforeMs: number): readonly IndexedSeries[] {
  const entries = [...index.all()].filter(
    ({ head }) => (head.firstMs ?? Number.POSITIVE_INFINITY) < beforeMs,
  );
  return entries.sort((a, b) => a.id - b.id);
}
