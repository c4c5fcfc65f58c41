import { stat } from 'node:fs/promises';
import { LabkeeperError } from '@labkeeper/core';
import { assertNotNewer } from '../database/migrate-store.js';
import { storageFailure } from '../database/storage-failure.js';
import { SqliteConnection } from './sqlite-connection.js';
import type { SqliteDriver } from './sqlite-driver.js';

/**
 * Files up to this size are checked whole before anything is written, which takes some 0.1 s at most. For larger ones see
 * {@link FileFacts.isChecked}.
 */
const CHECKED_AT_START_BYTES = 64 * 1024 * 1024;

/** What is known of a database file before it is opened for writing. */
export interface FileFacts {
  /**
   * The file is new, or has passed the integrity check. A larger file that was closed cleanly is taken as it is: damage
   * would show when the damaged page is read. One that was not is to be checked beside the running store.
   */
  readonly isChecked: boolean;
}

/**
 * Looks at a database file without ever writing to it. Throws STORAGE_CORRUPT, STORAGE_NEWER or STORAGE_UNAVAILABLE.
 */
export async function inspectFile(
  driver: SqliteDriver,
  file: string,
  checkedAtStartBytes = CHECKED_AT_START_BYTES,
): Promise<FileFacts> {
  const bytes = await sizeOf(file);
  if (bytes === 0) return { isChecked: true };
  // A process that ends cleanly leaves no write-ahead log behind.
  const wasClosed = (await sizeOf(`${file}-wal`)) === 0;
  const isSmall = bytes <= checkedAtStartBytes;
  await reading(driver, file, async (connection) => {
    if (isSmall) await assertSound(connection, file);
    assertNotNewer(await namesOfMigrations(connection));
  });
  return { isChecked: isSmall || wasClosed };
}

/** Checks a whole file, however long that takes. Throws STORAGE_CORRUPT. Ends early, without a word, when `signal` aborts. */
export async function checkWholeFile(driver: SqliteDriver, file: string, signal: AbortSignal): Promise<void> {
  await reading(driver, file, async (connection) => {
    const interrupt = () => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      if (!signal.aborted) await assertSound(connection, file);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  });
}

async function reading(
  driver: SqliteDriver,
  file: string,
  work: (connection: SqliteConnection) => Promise<void>,
): Promise<void> {
  let connection: SqliteConnection | undefined;
  try {
    connection = await SqliteConnection.open(driver, file, 'read');
    await work(connection);
  } catch (error) {
    throw storageFailure(error, file);
  } finally {
    await connection?.close();
  }
}

async function assertSound(connection: SqliteConnection, file: string): Promise<void> {
  const [row] = await connection.all<{ quick_check: string }>('PRAGMA quick_check(1)');
  if (row?.quick_check === 'ok') return;
  throw new LabkeeperError('STORAGE_CORRUPT', `${file} failed the integrity check`, {
    found: row?.quick_check ?? 'nothing',
  });
}

async function namesOfMigrations(connection: SqliteConnection): Promise<readonly string[]> {
  const tables = await connection.all("SELECT 1 FROM sqlite_master WHERE name = 'store_migrations'");
  if (tables.length === 0) return [];
  const rows = await connection.all<{ name: string }>('SELECT name FROM store_migrations ORDER BY id');
  return rows.map(({ name }) => name);
}

/** 0 for a file that is not there. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
