import {
  type Contribution,
  describeError,
  type Fault,
  LabkeeperError,
  type Plugin,
  type TSchema,
} from '@labkeeper/core';
import { createRegistry, type Registry } from '@labkeeper/core/runtime';
import type { ConfigPath } from '../config/config-path.js';
import type { ListedPlugin } from '../config/host-schema.js';
import type { LoadedPlugin, PluginLoader } from './plugin-loader.js';
import { guessPluginName } from './resolve-plugin.js';
import { CONFIGURED_KINDS, type ConfiguredKind } from './standard-plugins.js';

/** A contribution that entries of the file may name. */
export interface Offered {
  readonly contribution: Contribution<TSchema, unknown>;
  readonly from: LoadedPlugin;
}

/**
 * What one reading of the configuration may use: the plugins it lists, and the official ones by the names of what they
 * contribute. A listed plugin stands in for an official one of the same name, because every plugin can be replaced.
 */
export class PluginCatalog {
  readonly #loader: PluginLoader;
  readonly #registry: Registry = createRegistry();
  readonly #used = new Map<Plugin, LoadedPlugin>();
  readonly #failed: string[] = [];

  constructor(loader: PluginLoader) {
    this.#loader = loader;
  }

  /** Every plugin that was imported for this reading. */
  get plugins(): ReadonlySet<LoadedPlugin> {
    return new Set(this.#used.values());
  }

  /** Imports a plugin of the `plugins:` list and returns what is wrong with it. */
  async addListed(listed: ListedPlugin, path: ConfigPath, configFile: string): Promise<Fault[]> {
    try {
      const loaded = await this.#loader.loadListed(listed, configFile);
      this.#add(loaded, loaded.plugin);
      return [];
    } catch (error) {
      this.#failed.push(guessPluginName(listed.package));
      return [pluginFault(error, listed.package, path)];
    }
  }

  names(kind: ConfiguredKind): readonly string[] {
    return [...new Set([...this.#registry.names(kind), ...this.#loader.standard.names(kind)])].sort();
  }

  /** Finds a contribution and imports the official plugin that has it, if need be. Rejects with what the import threw. */
  async find(kind: ConfiguredKind, name: string): Promise<Offered | undefined> {
    if (!this.#registry.get(kind, name)) await this.#addStandard(kind, name);
    const registered = this.#registry.get(kind, name);
    const from = registered && this.#used.get(registered.plugin.plugin);
    return (
      from && { contribution: registered.contribution as unknown as Contribution<TSchema, unknown>, from }
    );
  }

  /** True when an unknown name most likely belongs to a plugin that could not be loaded, which has its fault already. */
  isFromFailed(name: string): boolean {
    return this.#failed.some((plugin) => name === plugin || name.startsWith(`${plugin}-`));
  }

  async #addStandard(kind: ConfiguredKind, name: string): Promise<void> {
    const loaded = await this.#loader.loadStandard(kind, name);
    if (loaded) this.#add(loaded, this.#withoutReplaced(loaded.plugin));
  }

  #add(loaded: LoadedPlugin, plugin: Plugin): void {
    this.#registry.add(plugin, { packageName: loaded.packageName, version: loaded.version });
    this.#used.set(plugin, loaded);
  }

  #withoutReplaced(plugin: Plugin): Plugin {
    const rest = CONFIGURED_KINDS.map((kind) => {
      const list = (plugin[kind] ?? []) as readonly { readonly name: string }[];
      return [kind, list.filter(({ name }) => !this.#registry.get(kind, name))];
    });
    return { ...plugin, ...(Object.fromEntries(rest) as Partial<Plugin>) };
  }
}

function pluginFault(error: unknown, packageName: string, path: ConfigPath): Fault {
  const own = error instanceof LabkeeperError && error.code.startsWith('PLUGIN_') ? error : undefined;
  if (!own) {
    return {
      code: 'PLUGIN_BROKEN',
      path,
      message: `${packageName} cannot be loaded: ${describeError(error)}`,
      found: packageName,
    };
  }
  const { code, message, found = packageName, allowed } = own;
  return { code, path, message, found, ...(allowed === undefined ? {} : { allowed }) };
}
