import { join } from 'node:path';
import { type BackupContents, describeError, LabkeeperError } from '@labkeeper/core';
import { storageFailure } from '../../database/storage-failure.js';
import { DATABASE_FILE, JOURNAL_FOLDER } from '../open-sqlite.js';
import { databaseIn, type ReadingParts } from '../reading/open-sqlite-for-reading.js';
import { loadSqliteDriver } from '../sqlite-driver.js';
import { writeList } from './backup-list.js';
import { copyDatabase } from './copy-database.js';
import { copyJournal } from './copy-journal.js';
import { verifyBackup } from './verify-backup.js';

/**
 * Copies what is kept in a data folder into an empty one, whether or not a Labkeeper runs on it. Everything else in the data
 * folder (the lock, the socket for keys) belongs to a running process and is left out.
 * Throws STORAGE_EMPTY, BACKUP_FAILED, or BACKUP_UNUSABLE when the copy turns out to be no good.
 */
export async function backUpSqlite(parts: ReadingParts, folder: string): Promise<BackupContents> {
  const database = await databaseIn(parts.dataDir);
  try {
    // First the journal: samples that move into the database in between are then in both, which does no harm.
    await copyJournal(join(parts.dataDir, JOURNAL_FOLDER), join(folder, JOURNAL_FOLDER));
    await copyDatabase(await loadSqliteDriver(), database, join(folder, DATABASE_FILE));
    await writeList(folder, 'sqlite', parts.clock.now());
  } catch (error) {
    const cause = storageFailure(error, database);
    const message = `${parts.dataDir} could not be copied into ${folder}: ${describeError(cause)}`;
    throw new LabkeeperError('BACKUP_FAILED', message, { cause });
  }
  return verifyBackup({ ...parts, folder });
}
