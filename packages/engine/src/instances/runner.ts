import type { Clock, EntityObservation, Logger, Observations, Scheduler } from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import type { SampleIngest } from '../ingest/sample-ingest.js';
import type { RunRecorder } from '../stats/run-recorder.js';
import type { ContextParts } from './instance-context.js';
import type { PluginInstance } from './plugin-instance.js';

/** An instance of the plan that is at work. */
export interface Runner {
  readonly instance: PluginInstance;
  /** Starts the instance and, after the first attempt, however that went, schedules what it does. Waits for nothing. */
  start(): void;
  /** Ends it: running work is aborted and waited for up to `graceMs`. Never rejects. */
  stop(graceMs: number): Promise<void>;
  /** Of collectors: runs it as soon as its budgets allow, and gives what it saw. Rejects when the run fails. */
  observeNow?(): Promise<Observations>;
}

/** What runners are made from. */
export interface RunnerParts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly events: EventBus<EngineEvents>;
  readonly ingest: SampleIngest;
  readonly recorder: RunRecorder;
  readonly context: ContextParts;
  /** Keeps what a collection saw of entities. Must not reject. */
  readonly observe: (seen: readonly EntityObservation[]) => Promise<void>;
  /** For how long this process stood still since then; see the heartbeat. */
  readonly standstillSince: (monotonicMs: number) => number;
}
