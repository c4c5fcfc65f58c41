import type { EntityObservation } from '../model/entity.js';
import type { MetricDescription, Sample } from '../model/sample.js';
import type { RunContext } from './context.js';
import type { Contribution, Schedule, Target } from './lifecycle.js';
import type { OptionsOf, TSchema } from './options.js';

/** What one collection saw. */
export interface Observations {
  readonly samples: readonly Sample[];
  readonly entities?: readonly EntityObservation[];
  /** The entity the samples belong to, when the configuration cannot know it beforehand. */
  readonly entity?: EntityObservation['id'];
}

/** Reads numbers from something. Runs on the host and on an agent unchanged. */
export interface Collector<Schema extends TSchema = TSchema, State = unknown>
  extends Contribution<Schema, State> {
  /** Every metric it may report. The conformance suite refuses others, unless {@link otherMetrics} allows them. */
  readonly metrics: readonly MetricDescription[];
  /**
   * `any`: it also passes on metrics of others, which nobody knows beforehand, as a scraper does. Names and labels need
   * then only be well formed, and `job` and `instance` are its own affair: the engine adds none. Default: `none`.
   */
  readonly otherMetrics?: 'none' | 'any';
  readonly schedule: Schedule;
  /** The `job` label of its samples: the name that the field's rules and boards expect. Default: the collector's name. */
  readonly job?: string;
  target?(options: OptionsOf<Schema>): Target;
  /**
   * One collection, every interval, never twice at once for an instance. May throw anything: the run counts as failed
   * and nothing of it is stored. Must end soon after `context.signal` aborts.
   */
  collect(context: RunContext<OptionsOf<Schema>, State>): Promise<Observations>;
}
