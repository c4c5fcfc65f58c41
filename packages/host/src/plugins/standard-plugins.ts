import type { Plugin } from '@labkeeper/core';

/** The kinds that have entries in the configuration file. */
export const CONFIGURED_KINDS = [
  'collectors',
  'checks',
  'notifiers',
  'storages',
  'routes',
  'rulePacks',
] as const;
export type ConfiguredKind = (typeof CONFIGURED_KINDS)[number];

/** An official plugin, not imported yet. */
export interface StandardPlugin {
  readonly packageName: string;
  readonly version: string;
  load(): Promise<Plugin>;
}

/** The official plugins by what they contribute. Knowing the names imports nothing. */
export interface StandardPlugins {
  names(kind: ConfiguredKind): readonly string[];
  find(kind: ConfiguredKind, name: string): StandardPlugin | undefined;
}
