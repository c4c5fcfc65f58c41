import { join } from 'node:path';
import { type Clock, describeError, LabkeeperError, type Logger, type Storage } from '@labkeeper/core';
import { type OpenStore, openStore } from '../open-store.js';
import type { SampleRules } from '../samples/sql-samples.js';
import { lockDataFolder } from './data-folder-lock.js';
import { checkWholeFile, inspectFile } from './inspect-file.js';
import { sqliteConnections } from './sqlite-connections.js';
import { loadSqliteDriver, type SqliteDriver } from './sqlite-driver.js';
import { SyncTimer } from './sync-timer.js';

const DATABASE_FILE = 'labkeeper.db';

export interface SqliteStoreParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Samples older than this survive a power cut, in milliseconds. */
  readonly samplesSyncedWithinMs: number;
  /** Other than the usual ones in tests only. */
  readonly rules?: SampleRules;
  readonly checkedAtStartBytes?: number;
}

/** Opens the store in a data folder. Throws STORAGE_LOCKED, STORAGE_CORRUPT, STORAGE_NEWER or STORAGE_UNAVAILABLE. */
export async function openSqlite(parts: SqliteStoreParts): Promise<Storage> {
  const driver = await loadSqliteDriver();
  const lock = await lockDataFolder(driver, parts.dataDir);
  try {
    return await openLocked(driver, parts, lock.release);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(
  driver: SqliteDriver,
  parts: SqliteStoreParts,
  release: () => Promise<void>,
): Promise<Storage> {
  const { dataDir, clock, log, samplesSyncedWithinMs, rules, checkedAtStartBytes } = parts;
  const file = join(dataDir, DATABASE_FILE);
  const { isChecked } = await inspectFile(driver, file, checkedAtStartBytes);
  const connections = sqliteConnections(driver, file, log);
  const timer = new SyncTimer({ clock, log, withinMs: samplesSyncedWithinMs, sync: () => store.sync() });
  const store: OpenStore = await openStore({
    connections,
    clock,
    log,
    release,
    onAppend: () => timer.note(),
    ...(rules ? { rules } : {}),
  });
  const checking = new AbortController();
  const check = isChecked ? undefined : checkBeside(store, { driver, file, log, signal: checking.signal });
  const close = async () => {
    timer.stop();
    checking.abort();
    await check;
    await store.close();
  };
  return { samples: store.samples, records: store.records, health: store.health, close };
}

/** The integrity check of a large file, beside the running store. What it finds ends all writing. */
async function checkBeside(
  store: OpenStore,
  { driver, file, log, signal }: { driver: SqliteDriver; file: string; log: Logger; signal: AbortSignal },
): Promise<void> {
  try {
    await checkWholeFile(driver, file, signal);
  } catch (error) {
    log.error('the integrity check of the database failed', { file, reason: describeError(error) });
    if (error instanceof LabkeeperError && error.code === 'STORAGE_CORRUPT') store.refuseWrites(error);
  }
}
