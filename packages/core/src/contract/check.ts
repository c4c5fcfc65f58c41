import type { MetricDescription } from '../model/sample.js';
import type { Verdict } from '../model/verdict.js';
import type { RunContext } from './context.js';
import type { Contribution, Schedule, Target } from './lifecycle.js';
import type { OptionsOf, TSchema } from './options.js';

/** Says whether something is well. */
export interface Check<Schema extends TSchema = TSchema, State = unknown>
  extends Contribution<Schema, State> {
  /** Its own metrics besides `probe_success` and `probe_duration_seconds`, which the engine derives from each verdict. */
  readonly metrics: readonly MetricDescription[];
  readonly schedule: Schedule;
  target(options: OptionsOf<Schema>): Target;
  /**
   * One check, every interval, never twice at once for an instance. A target that is not well is a verdict, not an
   * error: throw only when the check itself cannot work; that counts as `unknown`. A run that outlives its deadline
   * counts as `down` with TASK_TIMEOUT. Must end soon after `context.signal` aborts.
   */
  check(context: RunContext<OptionsOf<Schema>, State>): Promise<Verdict>;
}
