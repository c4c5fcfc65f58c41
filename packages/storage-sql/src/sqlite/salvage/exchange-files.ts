import { constants } from 'node:fs';
import { access, copyFile, link, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncToDisk } from '../sync-to-disk.js';

/** What SQLite keeps beside a database. Left beside another database, it would be taken for a part of that. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** The file that is being filled. It counts for nothing before it bears a time, see {@link exchangeFiles}. */
export const unfinishedFile = (file: string) => `${file}.salvage`;

const announcedFile = (file: string, time: string) => `${unfinishedFile(file)}.${time}`;
const damagedFile = (file: string, time: string) => `${file}.damaged-${time}`;

/**
 * Sets the damaged file and its companions aside and puts the new file in its place. At every moment there is a file under
 * its name. That the new file bears the time first tells a later run which exchange was interrupted. Gives the damaged file.
 */
export async function exchangeFiles(file: string, nowMs: number): Promise<string> {
  const time = await freeTime(file, nowMs);
  const [announced, aside] = [announcedFile(file, time), damagedFile(file, time)];
  await syncToDisk(unfinishedFile(file));
  await rename(unfinishedFile(file), announced);
  for (const companion of COMPANIONS) await renameIfThere(file + companion, aside + companion);
  await keepAlso(file, aside);
  await syncToDisk(dirname(file));
  await rename(announced, file);
  await syncToDisk(dirname(file));
  return aside;
}

/**
 * Takes an exchange back that was interrupted, and removes what was not finished: then everything is as it was found.
 * To be called before the database is opened: between two steps it may stand there without its write-ahead log.
 */
export async function undoInterruptedExchange(file: string): Promise<void> {
  const prefix = `${basename(unfinishedFile(file))}.`;
  const announced = (await readdir(dirname(file))).filter((name) => name.startsWith(prefix));
  for (const name of announced) {
    const aside = damagedFile(file, name.slice(prefix.length));
    // A log that was begun meanwhile belongs to the file as it stands there; what was set aside then stays aside, whole.
    if (!(await hasContent(`${file}-wal`))) await bringBack(file, aside);
    await rm(join(dirname(file), name), { force: true });
  }
  await discardUnfinished(file);
}

async function bringBack(file: string, aside: string): Promise<void> {
  for (const companion of COMPANIONS) await renameIfThere(aside + companion, file + companion);
  await rm(aside, { force: true });
  await syncToDisk(dirname(file));
}

/** Removes the file that was being filled. */
export async function discardUnfinished(file: string): Promise<void> {
  for (const companion of ['', ...COMPANIONS]) await rm(unfinishedFile(file) + companion, { force: true });
}

/** The time of the exchange, or the next second of which there is no damaged file yet. */
async function freeTime(file: string, nowMs: number): Promise<string> {
  for (let ms = nowMs; ; ms += 1_000) {
    const time = new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
    if (!(await isThere(damagedFile(file, time)))) return time;
  }
}

/** A second name for the file; where there are no such (FAT, some network drives), a copy. */
async function keepAlso(file: string, aside: string): Promise<void> {
  try {
    await link(file, aside);
  } catch {
    await copyFile(file, aside, constants.COPYFILE_EXCL);
    await syncToDisk(aside);
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  if (await isThere(from)) await rename(from, to);
}

async function hasContent(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
