import {
  LabkeeperError,
  type Logger,
  type StorageAdapter,
  type StorageContext,
  type StorageForReading,
} from '@labkeeper/core';
import { systemClock } from '@labkeeper/core/runtime';
import { keepFilesPrivate } from '../data-folder.js';
import { readConfigOnce, showFaults } from './read-config.js';

export interface StorageOptions {
  readonly config?: string;
  readonly data: string;
}

/** The storage that the configuration chooses, with what it needs to be opened. */
export interface ConfiguredStorage {
  readonly adapter: StorageAdapter;
  readonly context: StorageContext<never>;
}

/** The configuration cannot be used. */
const EXIT_CONFIG = 2;

/** Hands `work` the storage of the configuration. A faulty configuration is shown instead, and the exit code set. */
export async function withConfiguredStorage(
  { config: file, data: dataDir }: StorageOptions,
  work: (storage: ConfiguredStorage) => Promise<void>,
): Promise<void> {
  const { config, parts, redactor, ...reading } = await readConfigOnce(file);
  try {
    if (!config) {
      showFaults(reading, redactor);
      process.exitCode = EXIT_CONFIG;
      return;
    }
    keepFilesPrivate();
    const { adapter, options } = config.storage;
    await work({
      adapter,
      context: { options: options as never, dataDir, clock: systemClock(), log: onStandardError },
    });
  } finally {
    await parts.loader.close();
  }
}

/**
 * Opens the storage as it is at this moment, also while Labkeeper runs, and closes it after `work`. Throws BACKUP_UNSUPPORTED for a
 * storage that cannot do this, and what opening throws.
 */
export async function withStoreForReading(
  { adapter, context }: ConfiguredStorage,
  work: (store: StorageForReading) => Promise<void>,
): Promise<void> {
  if (!adapter.openForReading)
    throw new LabkeeperError(
      'BACKUP_UNSUPPORTED',
      `the storage ${adapter.name} cannot be opened for reading`,
    );
  const store = await adapter.openForReading(context);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

const onStandardError: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => process.stderr.write(`${message}\n`),
  error: (message) => process.stderr.write(`${message}\n`),
  child: () => onStandardError,
};
