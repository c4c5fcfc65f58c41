import { definePlugin, defineStorage, optionsObject } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import { STANDARD_PLUGINS } from '@labkeeper/standard-plugins';
import { hostVersion } from '../version.js';
import { asPlugin } from './import-plugin.js';
import type { ConfiguredKind, StandardPlugin, StandardPlugins } from './standard-plugins.js';

interface Installed extends Omit<StandardPlugin, 'version'> {
  readonly contributes: Readonly<Record<string, readonly string[]>>;
  version(): string;
}

const memory = defineStorage({
  name: 'memory',
  summary: 'Keeps everything in memory only: for trying out. A restart begins with nothing, keys included.',
  options: optionsObject({}),
  open: async () => memoryStorage(),
});

/** The storages are no plugins of their own package each, but are offered in the same way: by name, imported when chosen. */
const STORAGES: readonly Installed[] = [
  {
    packageName: '@labkeeper/storage-sql',
    contributes: { storages: ['sqlite', 'postgres'] },
    version: hostVersion,
    load: async () => asPlugin((await import('@labkeeper/storage-sql')).default),
  },
  {
    packageName: 'labkeeper',
    contributes: { storages: ['memory'] },
    version: hostVersion,
    load: async () => definePlugin({ name: 'memory', summary: 'Storage in memory.', storages: [memory] }),
  },
];

const INSTALLED: readonly Installed[] = [
  ...STORAGES,
  ...STANDARD_PLUGINS.map((plugin) => ({
    ...plugin,
    load: async () => asPlugin((await plugin.load()).default),
  })),
];

/** The official plugins of this installation. */
export const installedPlugins: StandardPlugins = {
  names: (kind: ConfiguredKind) => INSTALLED.flatMap(({ contributes }) => contributes[kind] ?? []),
  find: (kind, name) => {
    const found = INSTALLED.find(({ contributes }) => contributes[kind]?.includes(name));
    return found && { packageName: found.packageName, version: found.version(), load: found.load };
  },
};
