import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Clock, describeError, LabkeeperError } from '@labkeeper/core';
import { makeDataFolder } from '../../data-folder.js';
import { type StorageOptions, withConfiguredStorage } from '../configured-storage.js';
import { counted, sizeText } from '../data/counted.js';
import { explainingErrors } from '../end-of-command.js';
import { syncFolder } from '../sync-folder.js';

/** `labkeeper backup DIR`: a copy of everything that is kept, also while Labkeeper runs. */
export function backUp(folder: string, options: StorageOptions): Promise<void> {
  return explainingErrors(() =>
    withConfiguredStorage(options, async ({ adapter, context }) => {
      if (!adapter.backUp)
        throw new LabkeeperError('BACKUP_UNSUPPORTED', `the storage ${adapter.name} makes no backups`);
      const startMs = context.clock.monotonicMs();
      const target = targetFolder(folder, context.clock);
      const contents = await intoNewFolder(target, (part) => adapter.backUp?.(context, part));
      if (!contents) return;
      const { series, samples, bytes } = contents;
      const seconds = ((context.clock.monotonicMs() - startMs) / 1_000).toFixed(1);
      process.stdout.write(
        `${target}: ${counted(series, 'series', 'series')}, ${counted(samples, 'sample')}, ${sizeText(bytes)}, verified, ${seconds} s.\n`,
      );
    }),
  );
}

/** With a slash at its end, the folder holds backups, each under its time. */
function targetFolder(folder: string, clock: Clock): string {
  if (!/[\\/]$/.test(folder)) return resolve(folder);
  const time = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return resolve(folder, `labkeeper-${time}`);
}

/** Lets `fill` work on `FOLDER.part`, which takes its name when everything is in it. */
async function intoNewFolder<Result>(
  folder: string,
  fill: (part: string) => Promise<Result> | undefined,
): Promise<Result | undefined> {
  await assertFree(folder);
  const part = join(dirname(folder), `${basename(folder)}.part`);
  await makePart(part);
  try {
    const result = await fill(part);
    // What is there is empty.
    await rmdir(folder).catch(() => undefined);
    await rename(part, folder);
    await syncFolder(dirname(folder));
    return result;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (error instanceof LabkeeperError) throw error;
    throw new LabkeeperError('BACKUP_FAILED', `${folder} cannot be made: ${describeError(error)}`, {
      cause: error,
    });
  }
}

async function assertFree(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new LabkeeperError('BACKUP_TARGET_EXISTS', `${folder} cannot be the folder: ${error.message}`);
  });
  if (there.length > 0) throw new LabkeeperError('BACKUP_TARGET_EXISTS', `${folder} is not empty`);
}

async function makePart(part: string): Promise<void> {
  try {
    makeDataFolder(dirname(part));
    await mkdir(part, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new LabkeeperError(
        'BACKUP_TARGET_EXISTS',
        `${part} is there: another backup runs, or one was interrupted and this can be removed`,
      );
    throw new LabkeeperError('BACKUP_FAILED', `${part} cannot be made: ${describeError(error)}`, {
      cause: error,
    });
  }
}
