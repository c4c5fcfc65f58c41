import type { Fault } from '../errors/fault.js';
import type { EntityId } from '../model/entity.js';
import type { PluginContext } from './context.js';
import type { OptionsOf, TSchema } from './options.js';

/**
 * What every configured contribution has in common. A contribution is data and functions; an *instance* is one
 * entry of the configuration file. Two instances of one contribution must not know of each other.
 */
export interface Contribution<Schema extends TSchema, State> {
  /** The YAML key: lower-case words joined by `-`. The plugin's own name, or beginning with it. */
  readonly name: string;
  /** One sentence for lists, docs and the settings form. */
  readonly summary: string;
  readonly options: Schema;
  /**
   * What the schema cannot say, all faults at once. Pure: no I/O, no clock, input unchanged. Paths are relative to the
   * options. Called whenever the configuration is read, also when it is only checked.
   */
  validate?(options: OptionsOf<Schema>): readonly Fault[];
  /**
   * Prepares an instance: connect, log in, open a file. May throw; it is tried again with growing pauses, and until
   * then the instance's runs fail with the reason. What it returns is `context.state` of the other functions.
   */
  start?(context: PluginContext<OptionsOf<Schema>>): Promise<State> | State;
  /** Leaves no timer, socket or file. Called once after the last run has ended; also after a reload. Must not throw. */
  stop?(state: State): Promise<void> | void;
}

/** What an instance is about; lets the engine spread load and find the entity without running the plugin. */
export interface Target {
  /** The entity that is watched. */
  readonly entity: EntityId;
  /** Name or address of the machine that is asked; limits how many tasks ask it at once. */
  readonly host?: string;
  readonly displayName?: string;
}

/** When an instance runs unless the file says otherwise. Prometheus notation. */
export interface Schedule {
  readonly every: string;
  readonly timeout: string;
}
