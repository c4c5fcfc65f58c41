import { chmod } from 'node:fs/promises';
import { callDriver } from '../../database/driver-failure.js';
import { execOn, openSqliteHandle, SqliteConnection } from '../sqlite-connection.js';
import type { SqliteDriver, SqliteHandle } from '../sqlite-driver.js';
import { syncToDisk } from '../sync-to-disk.js';

/** Some 4 MB: short enough that other work of this process gets its turn. */
const PAGES_AT_ONCE = 1_000;

type Done = (error: Error | null) => void;

/** SQLite's backup, as both drivers offer it: https://www.sqlite.org/c3ref/backup_finish.html */
interface RunningBackup {
  readonly completed: boolean;
  step(pages: number, done: Done): void;
  finish(done: Done): void;
}

interface CopyingHandle extends SqliteHandle {
  backup(file: string, done: Done): RunningBackup;
}

/**
 * Copies a database as it is at one moment, while others write to it. Without a transaction around it, SQLite would begin
 * anew with every write of another process, and under load never end. Nobody is held up: readers of a write-ahead log
 * block no writer.
 */
export async function copyDatabase(driver: SqliteDriver, from: string, to: string): Promise<void> {
  const handle = (await openSqliteHandle(driver, from, 'read')) as CopyingHandle;
  try {
    await callDriver(() =>
      execOn(handle, 'PRAGMA busy_timeout = 5000; BEGIN; SELECT count(*) FROM sqlite_master'),
    );
    await copyInSteps(handle, to);
  } finally {
    await callDriver(() => promised((done) => handle.close(done)));
  }
  await makeSelfContained(driver, to);
}

async function copyInSteps(handle: CopyingHandle, to: string): Promise<void> {
  let backup: RunningBackup | undefined;
  await callDriver(() => promised((done) => (backup = handle.backup(to, done))));
  const running = backup as unknown as RunningBackup;
  try {
    while (!running.completed) await callDriver(() => promised((done) => running.step(PAGES_AT_ONCE, done)));
  } finally {
    await callDriver(() => promised((done) => running.finish(done)));
  }
}

/** One file, without a write-ahead log beside it: it can be read where nothing can be written. The store sets its mode again. */
async function makeSelfContained(driver: SqliteDriver, file: string): Promise<void> {
  const connection = await SqliteConnection.open(driver, file, 'write');
  try {
    await connection.exec('PRAGMA journal_mode = DELETE');
  } finally {
    await connection.close();
  }
  await chmod(file, 0o600);
  await syncToDisk(file);
}

function promised(call: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
