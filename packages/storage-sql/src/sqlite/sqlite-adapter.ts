import { defineStorage, durationMs, durationOption, optionsObject } from '@labkeeper/core';
import { openSqlite } from './open-sqlite.js';

const options = optionsObject({
  samples_synced_within: durationOption({
    description:
      'How much of the newest samples a power cut may take. Everything else is synced to disk at once, and nothing is lost when only Labkeeper ends.',
    default: '10s',
  }),
});

/** One file in the data folder. The default. */
export const sqliteAdapter = defineStorage({
  name: 'sqlite',
  summary: 'Everything in one SQLite file in the data folder.',
  options,
  open: ({ options: { samples_synced_within }, dataDir, clock, log }) =>
    openSqlite({ dataDir, clock, log, samplesSyncedWithinMs: durationMs(samples_synced_within) }),
});
