import { NAMED_KINDS } from '@labkeeper/core/runtime';
import type { LoadedPlugin, PluginLoader } from './plugin-loader.js';
import { CONFIGURED_KINDS } from './standard-plugins.js';

/** One row of `labkeeper plugins`. */
export interface PluginOffer {
  readonly packageName: string;
  readonly version: string;
  /** `check http`, `notifier slack` … */
  readonly contributions: readonly string[];
  readonly isolation: 'inline' | 'thread';
  readonly origin: string;
}

/** Every official plugin and every listed one. Imports them all: only for showing. */
export async function listOffers(
  loader: PluginLoader,
  listed: ReadonlySet<LoadedPlugin>,
): Promise<PluginOffer[]> {
  const found = new Set<LoadedPlugin>(listed);
  for (const kind of CONFIGURED_KINDS) {
    for (const name of loader.standard.names(kind)) {
      const plugin = await loader.loadStandard(kind, name);
      if (plugin) found.add(plugin);
    }
  }
  return [...found].map(offerOf).sort((a, b) => (a.packageName < b.packageName ? -1 : 1));
}

function offerOf({ plugin, packageName, version, isolation, origin }: LoadedPlugin): PluginOffer {
  const contributions = NAMED_KINDS.flatMap((kind) =>
    (plugin[kind] ?? []).map(({ name }) => `${kind.replace(/s$/, '')} ${name}`),
  );
  return {
    packageName,
    version,
    contributions,
    isolation,
    origin: origin === 'standard' ? 'part of Labkeeper' : 'plugins: in the file',
  };
}
