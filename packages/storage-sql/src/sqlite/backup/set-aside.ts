import { mkdir, readdir, rename, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DATABASE_FILE, JOURNAL_FOLDER } from '../open-sqlite.js';
import { syncToDisk } from '../sync-to-disk.js';

/** What a store consists of, companions of the database included: beside another database they would be taken for its own. */
const OWN_ENTRIES: readonly string[] = [
  JOURNAL_FOLDER,
  ...['-wal', '-shm', '-journal', ''].map((companion) => DATABASE_FILE + companion),
];

/** Names of what the store has in a data folder; none where there is no store. */
export async function storeEntries(dataDir: string): Promise<readonly string[]> {
  const there = new Set(await readdir(dataDir));
  return OWN_ENTRIES.filter((name) => there.has(name));
}

/** Moves the store out of its data folder, deleting nothing; returns where to. All or nothing. */
export async function setAside(dataDir: string, nowMs: number): Promise<string> {
  const entries = await storeEntries(dataDir);
  const aside = await makeFolder(resolve(dataDir), nowMs);
  try {
    await moveAll(dataDir, aside, entries);
  } catch (error) {
    await rmdir(aside).catch(() => undefined);
    throw error;
  }
  await syncToDisk(aside);
  await syncToDisk(dirname(aside));
  return aside;
}

/** Moves entries from one folder into another of the same disk; what was moved comes back when one cannot be. */
export async function moveAll(from: string, to: string, entries: readonly string[]): Promise<void> {
  const moved: string[] = [];
  try {
    for (const name of entries) {
      await rename(join(from, name), join(to, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved.reverse()) await rename(join(to, name), join(from, name)).catch(() => undefined);
    throw error;
  }
}

/** Beside the data folder. That may be the root of its disk, as in a container: then inside, because only there can it be moved to. */
async function makeFolder(dataDir: string, nowMs: number): Promise<string> {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const beside = join(dirname(dataDir), `${basename(dataDir)}.before-restore-${time}`);
  const inside = join(dataDir, `before-restore-${time}`);
  const isRoot = (await stat(dirname(dataDir))).dev !== (await stat(dataDir)).dev;
  if (!isRoot && (await isMade(beside))) return beside;
  await mkdir(inside, { mode: 0o700 });
  return inside;
}

/** The folder above may belong to somebody else. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (/^(EACCES|EPERM|EROFS)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
