import type { Logger, SampleStore, Storage, StorageAdapter } from '@labkeeper/core';
import type { ManualClock } from '@labkeeper/core/runtime';
import storageSql from '@labkeeper/storage-sql';

/** Tells of nothing but trouble. */
export const troubleLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => console.error(message, fields),
  error: (message, fields) => console.error(message, fields),
  child: () => troubleLog,
};

/** The options of samples, as they are when nothing is written. */
export const SAMPLE_DEFAULTS = {
  durability: '10s',
  keep_samples: '30d',
  keep_5m: '1y',
  keep_1h: '5y',
  late_samples_within: '1h',
};

/** The adapter of that name. */
export function storageAdapter(name: 'sqlite' | 'postgres'): StorageAdapter {
  const adapter = storageSql.storages?.find((one) => one.name === name);
  if (!adapter) throw new Error(`there is no adapter '${name}'`);
  return adapter as StorageAdapter;
}

/** The store of SQLite on a folder, with the default options but for those given. */
export function openStore(
  dataDir: string,
  clock: ManualClock,
  options: Partial<typeof SAMPLE_DEFAULTS> = {},
): Promise<Storage> {
  const all = { ...SAMPLE_DEFAULTS, ...options };
  return storageAdapter('sqlite').open({ options: all, dataDir, clock, log: troubleLog });
}

/** Resolves when upkeep that is going on has ended: a deletion, here of nothing, waits for its turn behind it. */
export async function upkeepEnded(samples: SampleStore): Promise<void> {
  await samples.delete([{ label: 'instance', operator: '=', value: 'nobody' }], 0, 1);
}

/** Lets upkeep that is due begin, which an append does, and waits for its end. */
export async function upkeepDone(samples: SampleStore, clock: ManualClock): Promise<void> {
  const series = [{ name: 'labkeeper_bench', labels: {} }];
  await samples.append({ series, timesMs: [clock.now()], values: [1] });
  await upkeepEnded(samples);
}
