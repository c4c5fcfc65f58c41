import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, LabkeeperError, type Logger, type StorageForReading } from '@labkeeper/core';
import type { TsdbRules } from '@labkeeper/tsdb';
import type { SqlConnections } from '../../database/sql-database.js';
import { storageFailure } from '../../database/storage-failure.js';
import { openStoreForReading } from '../../open-store-for-reading.js';
import { DATABASE_FILE, JOURNAL_FOLDER } from '../open-sqlite.js';
import { loadSqliteDriver } from '../sqlite-driver.js';
import { readSegments, type SegmentFile } from './read-segments.js';
import { rememberedJournal } from './remembered-journal.js';
import { snapshotConnections } from './snapshot-connections.js';

export interface ReadingParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: TsdbRules;
}

/**
 * Opens the store in a data folder as it is now, whether or not a Labkeeper runs on it. Throws STORAGE_EMPTY, STORAGE_OLDER,
 * STORAGE_NEWER, STORAGE_CORRUPT or STORAGE_UNAVAILABLE.
 */
export async function openSqliteForReading(parts: ReadingParts): Promise<StorageForReading> {
  const { dataDir, log } = parts;
  const file = await databaseIn(dataDir);
  // Before the database: what is moved in between is then in both, and never in neither.
  const segments: SegmentFile[] = [];
  for await (const segment of readSegments(join(dataDir, JOURNAL_FOLDER))) segments.push(segment);
  const connections = await connect(file, log);
  return openStoreForReading({ ...parts, connections, medium: () => rememberedJournal(segments) });
}

/** The database of a data folder. Throws STORAGE_EMPTY. */
export async function databaseIn(dataDir: string): Promise<string> {
  const file = join(dataDir, DATABASE_FILE);
  try {
    await access(file);
    return file;
  } catch (error) {
    throw new LabkeeperError('STORAGE_EMPTY', `there is no ${file}`, { cause: error });
  }
}

async function connect(file: string, log: Logger): Promise<SqlConnections> {
  try {
    return await snapshotConnections(await loadSqliteDriver(), file, log);
  } catch (error) {
    throw storageFailure(error, file);
  }
}
