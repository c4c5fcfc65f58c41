import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, LabkeeperError } from '@labkeeper/core';
import { syncToDisk } from '../sync-to-disk.js';

export const LIST_FILE = 'backup.json';

/** Grows when a backup can no longer be read by what could read those before. */
const FORMAT = 1;

/** One file of a backup. */
export interface ListedFile {
  /** Below the folder of the backup, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup consists of. Written last: a folder without it was not finished. */
export interface BackupList {
  readonly format: number;
  readonly storage: string;
  readonly madeAt: string;
  readonly files: readonly ListedFile[];
}

/** Lists what is in the folder. */
export async function writeList(folder: string, storage: string, nowMs: number): Promise<void> {
  const files = await Promise.all((await filesIn(folder)).map((path) => listed(folder, path)));
  const list: BackupList = { format: FORMAT, storage, madeAt: new Date(nowMs).toISOString(), files };
  const file = join(folder, LIST_FILE);
  await writeFile(file, `${JSON.stringify(list, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await syncToDisk(file);
  await syncToDisk(folder);
}

/** The list of a backup. Throws BACKUP_UNUSABLE. */
export async function readList(folder: string): Promise<BackupList> {
  const list = await parseList(folder);
  const isKnown = list.format === FORMAT && Array.isArray(list.files) && list.files.every(isInside);
  if (isKnown) return list as BackupList;
  throw unusable(folder, `its ${LIST_FILE} has a form that this version does not know`);
}

/** Compares every file with the list. Throws BACKUP_UNUSABLE naming the first that differs. */
export async function assertAsListed(folder: string, { files }: BackupList): Promise<void> {
  for (const expected of files) {
    const found = await listed(folder, expected.path).catch((error: unknown) => {
      throw unusable(folder, `${expected.path} cannot be read`, error);
    });
    if (found.bytes !== expected.bytes || found.sha256 !== expected.sha256)
      throw unusable(folder, `${expected.path} is not as it was written`);
  }
}

export function unusable(folder: string, why: string, cause?: unknown): LabkeeperError {
  const told = cause === undefined ? why : `${why}: ${describeError(cause)}`;
  return new LabkeeperError('BACKUP_UNUSABLE', `${folder} cannot be used as a backup: ${told}`, { cause });
}

async function parseList(folder: string): Promise<Partial<BackupList>> {
  try {
    const list: unknown = JSON.parse(await readFile(join(folder, LIST_FILE), 'utf8'));
    return typeof list === 'object' && list !== null ? list : {};
  } catch (error) {
    throw unusable(folder, `its ${LIST_FILE} cannot be read`, error);
  }
}

/** A list that leads out of its folder is not one of ours. */
function isInside({ path }: ListedFile): boolean {
  return typeof path === 'string' && !path.split(/[\\/]/).includes('..') && !/^([\\/]|[a-z]:)/i.test(path);
}

/** The backup has one folder below itself. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { withFileTypes: true });
  const below = found
    .filter((entry) => entry.isDirectory())
    .map(async ({ name }) => {
      const names = await readdir(join(folder, name));
      return names.map((inner) => `${name}/${inner}`);
    });
  const names = found.filter((entry) => entry.isFile()).map(({ name }) => name);
  return [...names, ...(await Promise.all(below)).flat()].sort();
}

async function listed(folder: string, path: string): Promise<ListedFile> {
  const file = join(folder, path);
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return { path, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
