import type { Contributions, Plugin } from '../contract/plugin.js';
import { CONTRACT_VERSION } from '../contract/version.js';
import { LabkeeperError } from '../errors/labkeeper-error.js';
import { nearestName } from '../names/nearest-name.js';

/** Where a plugin came from, for messages and lists. */
export interface PluginOrigin {
  readonly packageName: string;
  readonly version: string;
}

/** The kinds whose contributions have names of their own. */
export const NAMED_KINDS = [
  'collectors',
  'checks',
  'notifiers',
  'remediators',
  'predictors',
  'commands',
  'storages',
  'schedulers',
  'rulePacks',
  'routes',
] as const satisfies readonly (keyof Contributions)[];
export type NamedKind = (typeof NAMED_KINDS)[number];
/** What a kind's list holds. */
export type ContributionOf<Kind extends NamedKind> = NonNullable<Contributions[Kind]>[number];

/** A contribution with the plugin it belongs to. */
export interface Registered<Kind extends NamedKind> {
  readonly contribution: ContributionOf<Kind>;
  readonly plugin: RegisteredPlugin;
}

export interface RegisteredPlugin {
  readonly plugin: Plugin;
  readonly origin: PluginOrigin;
}

/** Which plugins there are, and what they contribute under which name. */
export interface Registry {
  /** Adds a plugin with all it contributes, or nothing of it: throws PLUGIN_CORE_VERSION or PLUGIN_DUPLICATE naming both parties. */
  add(plugin: Plugin, origin: PluginOrigin): void;
  get<Kind extends NamedKind>(kind: Kind, name: string): Registered<Kind> | undefined;
  /** As {@link Registry.get}, but throws PLUGIN_UNKNOWN_CONTRIBUTION with the nearest name. */
  require<Kind extends NamedKind>(kind: Kind, name: string): Registered<Kind>;
  /** Sorted names of one kind. */
  names(kind: NamedKind): readonly string[];
  plugins(): readonly RegisteredPlugin[];
}

/** Makes an empty registry. */
export function createRegistry(): Registry {
  const plugins: RegisteredPlugin[] = [];
  const entries = new Map<string, Registered<NamedKind>>();
  const names = (kind: NamedKind) => keysOf(entries, kind);
  const get = <Kind extends NamedKind>(kind: Kind, name: string) =>
    entries.get(`${kind}/${name}`) as Registered<Kind> | undefined;
  return {
    add: (plugin, origin) => {
      assertContractFits(plugin, origin);
      const added = { plugin, origin };
      const fresh = contributionsOf(added);
      for (const key of fresh.keys()) assertFree(key, entries.get(key), added);
      for (const [key, entry] of fresh) entries.set(key, entry);
      plugins.push(added);
    },
    get,
    require: (kind, name) => get(kind, name) ?? unknownContribution(kind, name, names(kind)),
    names,
    plugins: () => plugins,
  };
}

/**
 * Caret rule of semantic versioning: the first number that is not 0 must be equal, and the plugin's contract must not be
 * newer than ours, because it may rely on something we lack.
 */
export function contractFits(built: string, ours: string): boolean {
  const [a, b] = [built.split('.').map(Number), ours.split('.').map(Number)];
  if (a.length !== 3 || a.some((part) => !Number.isInteger(part))) return false;
  const leading = b.findIndex((part) => part !== 0);
  for (let index = 0; index < 3; index++) {
    const [built, own] = [a[index] ?? 0, b[index] ?? 0];
    if (index <= leading && built !== own) return false;
    if (built !== own) return built < own;
  }
  return true;
}

function assertContractFits({ contract, name }: Plugin, origin: PluginOrigin): void {
  if (contractFits(contract, CONTRACT_VERSION)) return;
  throw new LabkeeperError(
    'PLUGIN_CORE_VERSION',
    `${origin.packageName} ${origin.version} (plugin '${name}') was built for contract ${contract}, this Labkeeper has contract ${CONTRACT_VERSION}`,
    { found: contract, allowed: `^${CONTRACT_VERSION}` },
  );
}

function contributionsOf(registered: RegisteredPlugin): Map<string, Registered<NamedKind>> {
  const fresh = new Map<string, Registered<NamedKind>>();
  for (const kind of NAMED_KINDS) {
    for (const contribution of registered.plugin[kind] ?? []) {
      const key = `${kind}/${contribution.name}`;
      assertFree(key, fresh.get(key), registered);
      fresh.set(key, { contribution, plugin: registered });
    }
  }
  return fresh;
}

function assertFree(
  key: string,
  taken: Registered<NamedKind> | undefined,
  { origin }: RegisteredPlugin,
): void {
  if (!taken) return;
  const [kind, name] = key.split('/');
  const other = taken.plugin.origin;
  throw new LabkeeperError(
    'PLUGIN_DUPLICATE',
    `${origin.packageName} ${origin.version} and ${other.packageName} ${other.version} both contribute '${name ?? ''}' to ${kind ?? ''}`,
  );
}

function keysOf(entries: ReadonlyMap<string, unknown>, kind: NamedKind): readonly string[] {
  const prefix = `${kind}/`;
  return [...entries.keys()]
    .flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []))
    .sort();
}

function unknownContribution(kind: NamedKind, name: string, known: readonly string[]): never {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
  throw new LabkeeperError(
    'PLUGIN_UNKNOWN_CONTRIBUTION',
    `no plugin contributes '${name}' to ${kind}${hint}`,
    {
      found: name,
      allowed: known.join(', '),
    },
  );
}
