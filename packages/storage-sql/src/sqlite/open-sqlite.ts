import { join } from 'node:path';
import { type Clock, describeError, LabkeeperError, type Logger, type Storage } from '@labkeeper/core';
import { FileMedium, type TsdbRules } from '@labkeeper/tsdb';
import { type OpenStore, openStore } from '../open-store.js';
import { lockDataFolder } from './data-folder-lock.js';
import { checkWholeFile } from './inspect-file.js';
import { soundFile, suspectFile } from './sound-file.js';
import { sqliteConnections } from './sqlite-connections.js';
import { loadSqliteDriver, type SqliteDriver } from './sqlite-driver.js';

export const DATABASE_FILE = 'labkeeper.db';
/** What was measured and is not in the database yet. */
export const JOURNAL_FOLDER = 'samples-journal';

export interface SqliteStoreParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: TsdbRules;
  /** Other than the usual one in tests only. */
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
  const { dataDir, clock, log, rules, checkedAtStartBytes } = parts;
  const file = join(dataDir, DATABASE_FILE);
  const { isChecked } = await soundFile({ driver, file, clock, log, checkedAtStartBytes });
  const connections = sqliteConnections(driver, file, log);
  const store: OpenStore = await openStore({
    ...{ connections, clock, log, rules, release },
    onCorrupt: () => void suspectFile(file).catch(() => undefined),
    medium: () => FileMedium.open(join(dataDir, JOURNAL_FOLDER)),
  });
  const checking = new AbortController();
  const check = isChecked ? undefined : checkBeside(store, { driver, file, log, signal: checking.signal });
  const close = async () => {
    checking.abort();
    await check;
    await store.close();
  };
  return { samples: store.samples, records: store.records, health: store.health, close };
}

/** The integrity check of a large file, beside the running store. What it finds ends all writing until the next start, which sets the file aside. */
async function checkBeside(
  store: OpenStore,
  { driver, file, log, signal }: { driver: SqliteDriver; file: string; log: Logger; signal: AbortSignal },
): Promise<void> {
  try {
    await checkWholeFile(driver, file, signal);
  } catch (error) {
    log.error('the integrity check of the database failed', { file, reason: describeError(error) });
    if (!(error instanceof LabkeeperError) || error.code !== 'STORAGE_CORRUPT') return;
    store.refuseWrites(error);
    await suspectFile(file).catch(() => undefined);
  }
}
