import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contributions, Plugin } from '@labkeeper/core';
import type { Package } from '../workspace.js';

export interface LoadedPlugin {
  readonly package: Package;
  readonly plugin: Plugin;
}

/** The plugins as people get them: from the built files. A package that is no plugin yet is left out. */
export async function loadPlugins(packages: readonly Package[]): Promise<LoadedPlugin[]> {
  const loaded: LoadedPlugin[] = [];
  for (const candidate of packages.filter(({ kind }) => kind === 'plugin')) {
    const built = join(candidate.path, 'dist', 'index.js');
    if (!existsSync(built)) continue;
    const { default: plugin } = (await import(pathToFileURL(built).href)) as { default?: Plugin };
    if (plugin) loaded.push({ package: candidate, plugin });
  }
  return loaded;
}

/** A contribution as far as documents need it: panels and runbooks have neither name nor options. */
export interface NamedContribution {
  readonly kind: keyof Contributions;
  readonly name: string;
  readonly summary: string;
  readonly options: unknown;
}

/** All contributions that have a name, by kind in the order of the contract. */
export function namedContributions(plugin: Plugin): NamedContribution[] {
  const found: NamedContribution[] = [];
  for (const [kind, list] of Object.entries(plugin)) {
    if (!Array.isArray(list)) continue;
    for (const item of list as readonly { name?: string; summary?: string; options?: unknown }[]) {
      if (item.name === undefined) continue;
      const { name, summary = '', options } = item;
      found.push({ kind: kind as keyof Contributions, name, summary, options });
    }
  }
  return found;
}
