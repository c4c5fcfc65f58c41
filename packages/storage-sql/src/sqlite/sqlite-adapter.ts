import { defineStorage, type OptionsOf, optionsObject, type StorageContext } from '@labkeeper/core';
import { SAMPLE_OPTIONS, sampleRules } from '../samples/sample-options.js';
import { backUpSqlite } from './backup/back-up-sqlite.js';
import { restoreSqlite } from './backup/restore-sqlite.js';
import { openSqlite } from './open-sqlite.js';
import { openSqliteForReading, type ReadingParts } from './reading/open-sqlite-for-reading.js';

const options = optionsObject(SAMPLE_OPTIONS);

/** Files in the data folder: a database, and the journal of the newest samples. The default. */
export const sqliteAdapter = defineStorage({
  name: 'sqlite',
  summary: 'Everything in the data folder, in SQLite.',
  options,
  open: (context) => openSqlite(partsOf(context)),
  openForReading: (context) => openSqliteForReading(partsOf(context)),
  backUp: (context, folder) => backUpSqlite(partsOf(context), folder),
  restore: (context, request) => restoreSqlite(request, partsOf(context)),
});

function partsOf({
  options: given,
  dataDir,
  clock,
  log,
}: StorageContext<OptionsOf<typeof options>>): ReadingParts {
  return { dataDir, clock, log, rules: sampleRules(given) };
}
