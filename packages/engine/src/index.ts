export {
  ALERT_STATUSES,
  type AlertChange,
  type AlertCounts,
  type AlertFilter,
  type AlertStatus,
  type Alerts,
  alertStatus,
} from './alerts/alerts.js';
export { Audit, type AuditEntry, type AuditRow } from './audit/audit.js';
export { createContainer } from './container/create-container.js';
export {
  CLOCK,
  type EngineParts,
  EVENTS,
  HTTP,
  LOG,
  REDACTOR,
  SCHEDULER,
  STORAGE,
} from './container/tokens.js';
export { createEngine } from './create-engine.js';
export type { Engine } from './engine.js';
export type { EngineEvents } from './engine-events.js';
export type { Entities } from './entities/entities.js';
export type { Ingest, IngestStats, SampleSource } from './ingest/ingest.js';
export type { Journal, JournalRow } from './journal/journal.js';
export type { ChannelStatus, Channels, DeadLetter } from './outbox/channels.js';
export { cutPage, type ListPage, type PageRequest } from './paging.js';
export {
  type ChannelInstance,
  type CheckInstance,
  type CollectorInstance,
  EMPTY_PLAN,
  type InstanceBase,
  type Plan,
  type PlanChange,
} from './plan/plan.js';
export type { EngineStats } from './stats/engine-stats.js';
export type { MetricFamily, MetricSample } from './stats/metric-family.js';
export type { CheckFilter, CheckStatus } from './verdicts/check-status.js';
export type { CheckCounts, Checks } from './verdicts/checks.js';
