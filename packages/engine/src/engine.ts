import type { AlertsClient } from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { Alerts } from './alerts/alerts.js';
import type { RuleSignals } from './alerts/signals/rule-signals.js';
import type { Audit } from './audit/audit.js';
import type { EngineEvents } from './engine-events.js';
import type { Entities } from './entities/entities.js';
import type { Ingest } from './ingest/ingest.js';
import type { Journal } from './journal/journal.js';
import type { Channels } from './outbox/channels.js';
import type { Plan, PlanChange } from './plan/plan.js';
import type { Queries } from './query/queries.js';
import type { Rules } from './rules/rules.js';
import type { EngineStats } from './stats/engine-stats.js';
import type { MetricFamily } from './stats/metric-family.js';
import type { Checks } from './verdicts/checks.js';

/** What happens to a result: ingest, verdicts, alerts, notifications. One per process. */
export interface Engine {
  /** Reads what was known at the last stop or crash. Nothing runs before the first {@link Engine.apply}. Rejects with what the storage throws. */
  start(): Promise<void>;
  /**
   * Makes the plan true: starts what is new, stops what is gone, restarts what has another digest, leaves the rest alone.
   * Resolves when everything is scheduled; instances whose `start` fails are tried again later. One call at a time runs. Rejects with the first of
   * `planFaults`, and then nothing has changed.
   */
  apply(plan: Plan): Promise<PlanChange>;
  /** Stops every task, waits for running ones up to `graceMs` (default 2 s), writes what is left. Idempotent, never rejects. */
  stop(graceMs?: number): Promise<void>;
  readonly events: EventBus<EngineEvents>;
  readonly entities: Entities;
  readonly checks: Checks;
  readonly alerts: Alerts;
  /** The part of the alerts that plugins may reach. */
  readonly alertsClient: AlertsClient;
  /** Where the results of rules go. */
  readonly ruleSignals: RuleSignals;
  readonly channels: Channels;
  readonly ingest: Ingest;
  readonly audit: Audit;
  readonly journal: Journal;
  readonly query: Queries;
  readonly rules: Rules;
  stats(): EngineStats;
  /** The engine's own metrics, `labkeeper_*`, as `/metrics` prints them. */
  metrics(): readonly MetricFamily[];
}
