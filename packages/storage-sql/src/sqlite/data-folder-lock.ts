import { hostname } from 'node:os';
import { join } from 'node:path';
import { LabkeeperError } from '@labkeeper/core';
import { DriverFailure } from '../database/driver-failure.js';
import { storageFailure } from '../database/storage-failure.js';
import { SqliteConnection } from './sqlite-connection.js';
import type { SqliteDriver } from './sqlite-driver.js';

const LOCK_FILE = 'labkeeper.lock';

/** A data folder that is ours. */
export interface DataFolderLock {
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process. The lock is a write transaction on a tiny database that is begun and never ended:
 * the operating system takes it back when the process ends, however it ends, so it can never be left behind.
 * Readers may look into the file meanwhile, which is how another process learns who holds it.
 * Throws STORAGE_LOCKED naming the holder, or STORAGE_UNAVAILABLE.
 */
export async function lockDataFolder(driver: SqliteDriver, dataDir: string): Promise<DataFolderLock> {
  const connection = await open(driver, dataDir);
  try {
    await takeLock(connection);
  } catch (error) {
    const failure = isBusy(error)
      ? await lockedBy(connection, dataDir)
      : storageFailure(error, join(dataDir, LOCK_FILE));
    await connection.close();
    throw failure;
  }
  let released: Promise<void> | undefined;
  return { release: () => (released ??= connection.close()) };
}

async function open(driver: SqliteDriver, dataDir: string): Promise<SqliteConnection> {
  try {
    return await SqliteConnection.open(driver, join(dataDir, LOCK_FILE), 'write');
  } catch (error) {
    throw storageFailure(error, join(dataDir, LOCK_FILE));
  }
}

async function takeLock(connection: SqliteConnection): Promise<void> {
  const holder = JSON.stringify({ pid: process.pid, host: hostname() }).replaceAll("'", "''");
  // The text is for people only; syncing it would cost a start some milliseconds for nothing.
  await connection.exec(`
    PRAGMA busy_timeout = 0;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, who TEXT NOT NULL);
    BEGIN IMMEDIATE;
    INSERT OR REPLACE INTO holder VALUES (1, '${holder}');
    COMMIT;
    BEGIN IMMEDIATE;
  `);
}

async function lockedBy(connection: SqliteConnection, dataDir: string): Promise<LabkeeperError> {
  const who = await readHolder(connection);
  return new LabkeeperError('STORAGE_LOCKED', `the data folder ${dataDir} is used by ${who}`, { found: who });
}

async function readHolder(connection: SqliteConnection): Promise<string> {
  try {
    const [row] = await connection.all<{ who: string }>('SELECT who FROM holder');
    const { pid, host } = JSON.parse(row?.who ?? '{}') as { pid?: number; host?: string };
    if (pid !== undefined) return `process ${pid} on ${host}`;
  } catch {
    // The holder is writing its name at this moment.
  }
  return 'another process';
}

function isBusy(error: unknown): boolean {
  const cause = error instanceof DriverFailure ? (error.cause as NodeJS.ErrnoException) : undefined;
  return cause?.code === 'SQLITE_BUSY';
}
