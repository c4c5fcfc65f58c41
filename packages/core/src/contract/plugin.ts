import type { Check } from './check.js';
import type { Collector } from './collector.js';
import type { Command } from './command.js';
import type { Panel, RemediationPattern, RouteSet, RulePack, Runbook, SchedulerAdapter } from './extras.js';
import type { Notifier } from './notifier.js';
import type { TSchema } from './options.js';
import type { Predictor } from './predictor.js';
import type { Remediator } from './remediator.js';
import type { StorageAdapter } from './storage.js';
import { CONTRACT_VERSION } from './version.js';

/** What a plugin contributes, by kind. Every list may be left out. */
export interface Contributions {
  readonly collectors?: readonly Collector[];
  readonly checks?: readonly Check[];
  readonly notifiers?: readonly Notifier[];
  readonly remediators?: readonly Remediator[];
  readonly predictors?: readonly Predictor[];
  readonly commands?: readonly Command[];
  readonly storages?: readonly StorageAdapter[];
  readonly schedulers?: readonly SchedulerAdapter[];
  readonly rulePacks?: readonly RulePack[];
  readonly routes?: readonly RouteSet[];
  readonly panels?: readonly Panel[];
  readonly runbooks?: readonly Runbook[];
  readonly patterns?: readonly RemediationPattern[];
}

/** What an author writes. */
export interface PluginDefinition extends Contributions {
  /** The package name without `@labkeeper/plugin-` or `labkeeper-plugin-`. */
  readonly name: string;
  readonly summary: string;
}

/** A plugin: a plain value, the default export of its package. */
export interface Plugin extends PluginDefinition {
  /** Version of the contract it was built with; the registry refuses one that does not fit. */
  readonly contract: string;
}

/**
 * Makes a plugin. Pure: nothing is registered and nothing runs by importing the package.
 * @example export default definePlugin({ name: 'pihole', summary: 'Pi-hole statistics.', collectors: [pihole] });
 */
export function definePlugin(definition: PluginDefinition): Plugin {
  return { ...definition, contract: CONTRACT_VERSION };
}

// The kinds are stored with their options erased: method parameters are checked at the author's side by the functions
// below, and at run time by the schema. Without the erasure a list could not hold two collectors.

/** Types a collector from its options schema and what `start` returns. */
export function defineCollector<Schema extends TSchema, State = undefined>(
  collector: Collector<Schema, State>,
): Collector {
  return collector as unknown as Collector;
}

/** Types a check. See {@link defineCollector}. */
export function defineCheck<Schema extends TSchema, State = undefined>(check: Check<Schema, State>): Check {
  return check as unknown as Check;
}

/** Types a notifier. See {@link defineCollector}. */
export function defineNotifier<Schema extends TSchema, State = undefined>(
  notifier: Notifier<Schema, State>,
): Notifier {
  return notifier as unknown as Notifier;
}

/** Types a remediator. See {@link defineCollector}. */
export function defineRemediator<Schema extends TSchema, State = undefined>(
  remediator: Remediator<Schema, State>,
): Remediator {
  return remediator as unknown as Remediator;
}

/** Types a predictor. See {@link defineCollector}. */
export function definePredictor<Schema extends TSchema, State = undefined>(
  predictor: Predictor<Schema, State>,
): Predictor {
  return predictor as unknown as Predictor;
}

/** Types a command. */
export function defineCommand<Schema extends TSchema>(command: Command<Schema>): Command {
  return command as unknown as Command;
}

/** Types a storage adapter. */
export function defineStorage<Schema extends TSchema>(adapter: StorageAdapter<Schema>): StorageAdapter {
  return adapter as unknown as StorageAdapter;
}
