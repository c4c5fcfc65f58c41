import { LabkeeperError } from '@labkeeper/core';
import type { FoundSegment, JournalMedium } from '@labkeeper/tsdb';

/** A journal that was read before, for a store that only reads. */
export function rememberedJournal(segments: readonly FoundSegment[]): JournalMedium {
  return {
    async *read() {
      yield* [...segments].sort((a, b) => a.number - b.number);
    },
    begin: refuse,
    write: refuse,
    drop: refuse,
    sync: async () => undefined,
    close: async () => undefined,
  };
}

async function refuse(): Promise<never> {
  throw new LabkeeperError('STORAGE_UNAVAILABLE', 'the storage was opened for reading only');
}
