import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { LabkeeperError } from '@labkeeper/core';
import { makeDataFolder } from '../../data-folder.js';
import { type StorageOptions, withConfiguredStorage } from '../configured-storage.js';
import { counted, sizeText } from '../data/counted.js';
import { explainingErrors } from '../end-of-command.js';

export interface RestoreOptions extends StorageOptions {
  readonly replace?: boolean;
}

/** `labkeeper restore BACKUP`: puts a backup into the data folder. Labkeeper must not run on it. */
export function restore(backup: string, { replace = false, ...options }: RestoreOptions): Promise<void> {
  return explainingErrors(() =>
    withConfiguredStorage(options, async ({ adapter, context }) => {
      if (!adapter.restore)
        throw new LabkeeperError('BACKUP_UNSUPPORTED', `the storage ${adapter.name} restores no backups`);
      // Before the data folder is made.
      if (!existsSync(backup)) throw new LabkeeperError('BACKUP_UNUSABLE', `there is no ${backup}`);
      makeDataFolder(context.dataDir);
      const { series, samples, bytes, movedTo } = await adapter.restore(context, {
        from: resolve(backup),
        replace,
      });
      const lines = [
        `${resolve(context.dataDir)}: ${counted(series, 'series', 'series')}, ${counted(samples, 'sample')}, ${sizeText(bytes)}, restored and verified.`,
        ...(movedTo === undefined ? [] : [`What was there before is in ${movedTo}.`]),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    }),
  );
}
