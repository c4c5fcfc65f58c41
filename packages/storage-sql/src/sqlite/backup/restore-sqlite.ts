import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError, LabkeeperError, type RestoredStore, type RestoreRequest } from '@labkeeper/core';
import { lockDataFolder } from '../data-folder-lock.js';
import type { ReadingParts } from '../reading/open-sqlite-for-reading.js';
import { loadSqliteDriver } from '../sqlite-driver.js';
import { syncToDisk } from '../sync-to-disk.js';
import { LIST_FILE, readList } from './backup-list.js';
import { moveAll, setAside, storeEntries } from './set-aside.js';
import { verifyBackup } from './verify-backup.js';

/** Inside the data folder, so that its content can be moved into place whatever disk that is. Counts for nothing itself. */
const PART_FOLDER = 'restore.part';

/**
 * Puts a backup into a data folder that nobody uses. The backup is verified before anything is done, and its copy before
 * it takes the place of what was there. Throws BACKUP_UNUSABLE, STORAGE_LOCKED, RESTORE_WOULD_REPLACE or BACKUP_FAILED.
 */
export async function restoreSqlite(
  { from, replace }: RestoreRequest,
  parts: ReadingParts,
): Promise<RestoredStore> {
  await verifyBackup({ ...parts, folder: from });
  const lock = await lockDataFolder(await loadSqliteDriver(), parts.dataDir);
  try {
    const isTaken = (await storeEntries(parts.dataDir)).length > 0;
    if (isTaken && !replace)
      throw new LabkeeperError('RESTORE_WOULD_REPLACE', `there is data in ${parts.dataDir} already`);
    return await restoreLocked(from, parts);
  } catch (error) {
    if (error instanceof LabkeeperError) throw error;
    const message = `${from} could not be restored into ${parts.dataDir}: ${describeError(error)}`;
    throw new LabkeeperError('BACKUP_FAILED', message, { cause: error });
  } finally {
    await lock.release();
  }
}

async function restoreLocked(from: string, parts: ReadingParts): Promise<RestoredStore> {
  const { dataDir } = parts;
  const part = join(dataDir, PART_FOLDER);
  // Left by a restore that was interrupted.
  await rm(part, { recursive: true, force: true });
  try {
    await copyBackup(from, part);
    const contents = await verifyBackup({ ...parts, folder: part });
    const movedTo = await exchange(part, parts);
    return { ...contents, ...(movedTo === undefined ? {} : { movedTo }) };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function copyBackup(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  const { files } = await readList(from);
  for (const path of [...files.map((file) => file.path), LIST_FILE]) {
    const file = join(to, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await copyFile(join(from, path), file);
    await chmod(file, 0o600);
    await syncToDisk(file);
    await syncToDisk(dirname(file));
  }
}

/** Nothing but renames. The database comes last: a data folder without one holds no store. */
async function exchange(part: string, { dataDir, clock }: ReadingParts): Promise<string | undefined> {
  const old = await storeEntries(dataDir);
  const aside = old.length > 0 ? await setAside(dataDir, clock.now()) : undefined;
  try {
    await moveAll(part, dataDir, await storeEntries(part));
  } catch (error) {
    if (aside !== undefined) await moveAll(aside, dataDir, old);
    throw error;
  }
  await syncToDisk(dataDir);
  return aside;
}
