import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupContents, LabkeeperError } from '@labkeeper/core';
import { storageFailure } from '../../database/storage-failure.js';
import { databaseIn, openSqliteForReading, type ReadingParts } from '../reading/open-sqlite-for-reading.js';
import { SqliteConnection } from '../sqlite-connection.js';
import { loadSqliteDriver } from '../sqlite-driver.js';
import { assertAsListed, LIST_FILE, readList, unusable } from './backup-list.js';

/** Where the backup is, and what is needed to open it. */
export type VerifyParts = Omit<ReadingParts, 'dataDir'> & { readonly folder: string };

/**
 * Compares the files of a backup with their checksums, checks the database, and opens the whole as a store. Changes nothing.
 * Throws BACKUP_UNUSABLE, or STORAGE_NEWER for one of a newer version.
 */
export async function verifyBackup({ folder, ...parts }: VerifyParts): Promise<BackupContents> {
  const list = await readList(folder);
  await assertAsListed(folder, list);
  const listBytes = (await stat(join(folder, LIST_FILE))).size;
  const bytes = list.files.reduce((sum, file) => sum + file.bytes, listBytes);
  try {
    await assertIntegrity(await databaseIn(folder));
    return { ...(await countSamples({ ...parts, dataDir: folder })), bytes };
  } catch (error) {
    if (error instanceof LabkeeperError && error.code === 'STORAGE_NEWER') throw error;
    throw unusable(folder, 'it cannot be opened', error);
  }
}

async function countSamples(parts: ReadingParts): Promise<Omit<BackupContents, 'bytes'>> {
  const store = await openSqliteForReading(parts);
  try {
    const { series, samples } = await store.samples.stats();
    return { series, samples };
  } finally {
    await store.close();
  }
}

async function assertIntegrity(file: string): Promise<void> {
  const connection = await SqliteConnection.open(await loadSqliteDriver(), file, 'read');
  try {
    const [row] = await connection.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
    if (row?.integrity_check === 'ok') return;
    throw new LabkeeperError('STORAGE_CORRUPT', `${file} failed the integrity check`, {
      found: row?.integrity_check ?? 'nothing',
    });
  } catch (error) {
    throw storageFailure(error, file);
  } finally {
    await connection.close();
  }
}
