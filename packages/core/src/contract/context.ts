import type { Clock } from './clock.js';
import type { HttpClient } from './http.js';
import type { Logger } from './log.js';
import type { QueryClient } from './query.js';
import type { Secrets } from './secret.js';
import type { RecordTransaction } from './storage.js';

/**
 * Everything a plugin may reach, and nothing else does. Made anew for each instance; all of it is safe to keep
 * until `stop` has returned.
 */
export interface PluginContext<Options> {
  /** Checked, with defaults filled in. Frozen. */
  readonly options: Options;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** The plugin's own named collections. Other plugins cannot see them. */
  readonly store: RecordTransaction;
  readonly query: QueryClient;
  /** Aborts when the instance is stopped, and in a run also at the run's deadline. Pass it on to whatever waits. */
  readonly signal: AbortSignal;
}

/** The context of one run. */
export interface RunContext<Options, State> extends PluginContext<Options> {
  /** What `start` returned; undefined without a `start`. */
  readonly state: State;
  /** How long this run may take, in milliseconds. */
  readonly timeoutMs: number;
}
