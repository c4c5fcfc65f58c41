import type {
  Check,
  Clock,
  Contribution,
  Fault,
  Logger,
  Plugin,
  Secrets,
  Target,
  TSchema,
} from '@labkeeper/core';
import type { ListedPlugin } from '../config/host-schema.js';
import { importPlugin } from './import-plugin.js';
import { type IsolatedPlugin, isolatePlugin } from './isolation/isolated-plugin.js';
import type { IsolatedKind } from './isolation/protocol.js';
import { parseMemory } from './parse-memory.js';
import { resolvePlugin } from './resolve-plugin.js';
import type { ConfiguredKind, StandardPlugins } from './standard-plugins.js';

/** A plugin that has been imported, here or in a thread. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly packageName: string;
  readonly version: string;
  readonly origin: 'standard' | 'listed';
  readonly isolation: 'inline' | 'thread';
  /** Kinds it has that a thread cannot offer. */
  readonly inlineOnly: readonly string[];
  validate(kind: ConfiguredKind, name: string, options: unknown): Promise<readonly Fault[]>;
  target(kind: ConfiguredKind, name: string, options: unknown): Promise<Target | undefined>;
  close(): Promise<void>;
}

export interface PluginLoaderParts {
  readonly standard: StandardPlugins;
  /** The module that runs in the thread of an isolated plugin. */
  readonly threadModule: URL;
  readonly clock: Clock;
  readonly log: Logger;
  readonly secrets: Secrets;
}

/**
 * Imports plugins, each once, however often the configuration is read. A module stays in memory until the process ends;
 * new code of a plugin needs a restart. Plugins that nothing names are never imported.
 */
export class PluginLoader {
  readonly #parts: PluginLoaderParts;
  readonly #loaded = new Map<string, Promise<LoadedPlugin>>();

  constructor(parts: PluginLoaderParts) {
    this.#parts = parts;
  }

  get standard(): StandardPlugins {
    return this.#parts.standard;
  }

  /** Rejects with PLUGIN_NOT_FOUND, PLUGIN_NOT_A_PLUGIN, ISOLATION_CRASHED, or what the module threw. */
  async loadListed(listed: ListedPlugin, configFile: string): Promise<LoadedPlugin> {
    const resolved = resolvePlugin(listed.package, configFile);
    const isolation = listed.isolation ?? 'thread';
    const memoryBytes = parseMemory(listed.memory);
    const identity = {
      packageName: resolved.packageName,
      version: resolved.version,
      origin: 'listed' as const,
    };
    const id = JSON.stringify([resolved.url, isolation, memoryBytes]);
    return await this.#once(id, async () => {
      if (isolation === 'inline') return { ...identity, ...inline(await importPlugin(resolved.url)) };
      const parts = { ...this.#parts, packageName: resolved.packageName, url: resolved.url, memoryBytes };
      return { ...identity, ...threaded(await isolatePlugin(parts)) };
    });
  }

  /** The official plugin with this contribution, or undefined when there is none. */
  async loadStandard(kind: ConfiguredKind, name: string): Promise<LoadedPlugin | undefined> {
    const found = this.#parts.standard.find(kind, name);
    if (!found) return undefined;
    const { packageName, version } = found;
    return await this.#once(packageName, async () => {
      return { packageName, version, origin: 'standard' as const, ...inline(await found.load()) };
    });
  }

  /** Package of the plugin in whose code a stack trace begins, as far as it can be told. */
  pluginOf(stack: string): string | undefined {
    return /(@labkeeper\/plugin-[\w-]+|(?:@[\w.-]+\/)?labkeeper-plugin-[\w-]+|\bplugin-[\w-]+)[/\\]/.exec(
      stack,
    )?.[1];
  }

  /** Ends the threads of plugins that are not among `kept`. */
  async closeOthers(kept: ReadonlySet<LoadedPlugin>): Promise<void> {
    for (const [id, loading] of this.#loaded) {
      const plugin = await loading;
      if (kept.has(plugin) || plugin.isolation === 'inline') continue;
      this.#loaded.delete(id);
      await plugin.close();
    }
  }

  async close(): Promise<void> {
    await this.closeOthers(new Set());
  }

  /** What failed is tried again at the next reading: the person may have mended the plugin. */
  async #once(id: string, load: () => Promise<LoadedPlugin>): Promise<LoadedPlugin> {
    const loading = this.#loaded.get(id) ?? load();
    this.#loaded.set(id, loading);
    return await loading.catch((error: unknown) => {
      this.#loaded.delete(id);
      throw error;
    });
  }
}

type Behaviour = Pick<LoadedPlugin, 'plugin' | 'isolation' | 'inlineOnly' | 'validate' | 'target' | 'close'>;

function inline(plugin: Plugin): Behaviour {
  const find = (kind: ConfiguredKind, name: string) =>
    (plugin[kind] as readonly Contribution<TSchema, unknown>[] | undefined)?.find(
      (each) => each.name === name,
    );
  return {
    plugin,
    isolation: 'inline',
    inlineOnly: [],
    validate: async (kind, name, options) => find(kind, name)?.validate?.(options as never) ?? [],
    target: async (kind, name, options) => {
      const contribution = find(kind, name) as Partial<Check> | undefined;
      return contribution?.target?.(options as never);
    },
    close: async () => undefined,
  };
}

function threaded(isolated: IsolatedPlugin): Behaviour {
  return {
    plugin: isolated.plugin,
    isolation: 'thread',
    inlineOnly: isolated.inlineOnly,
    validate: (kind, name, options) => isolated.validate(kind as IsolatedKind, name, options),
    target: (kind, name, options) => isolated.target(kind as IsolatedKind, name, options),
    close: () => isolated.close(),
  };
}
