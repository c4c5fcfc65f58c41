import { type Clock, type Logger, optionsObject, type Storage, type StorageAdapter } from '@labkeeper/core';
import type { PluginCatalog } from '../plugins/plugin-catalog.js';
import { checkEntry, type SectionRules } from './check-entries.js';
import type { Digest } from './digest.js';
import type { Reading } from './reading.js';

/** The storage that the file chose, not opened yet. */
export interface PlannedStorage {
  /** `sqlite`, `postgres` … */
  readonly name: string;
  readonly digest: string;
  /** For commands that do something else than open it for writing. */
  readonly adapter: StorageAdapter;
  readonly options: unknown;
  /** Throws STORAGE_LOCKED, STORAGE_CORRUPT, STORAGE_NEWER or STORAGE_UNAVAILABLE. */
  open(parts: { readonly dataDir: string; readonly clock: Clock; readonly log: Logger }): Promise<Storage>;
}

const STORAGE: SectionRules = { word: 'storage', kind: 'storages', siblings: optionsObject({}) };

/** One file in the data folder, unless the file says otherwise. */
const DEFAULT_STORAGE = { sqlite: {} };

/** Checks `storage:`. Undefined when it has faults, which are then reported. */
export async function planStorage(
  section: Readonly<Record<string, unknown>> = DEFAULT_STORAGE,
  {
    catalog,
    reading,
    digest,
  }: { readonly catalog: PluginCatalog; readonly reading: Reading; readonly digest: Digest },
): Promise<PlannedStorage | undefined> {
  const checked = await checkEntry(section, ['storage'], { rules: STORAGE, catalog, reading });
  if (!checked) return undefined;
  const adapter = checked.contribution as unknown as StorageAdapter;
  return {
    name: adapter.name,
    digest: digest(checked),
    adapter,
    options: checked.options,
    open: (parts) => adapter.open({ ...parts, options: checked.options as never }),
  };
}
