export {
  ALERT_STATUSES,
  type AlertChange,
  type AlertCounts,
  type AlertFilter,
  type AlertStatus,
  type Alerts,
  alertStatus,
} from './alerts/alerts.js';
export { EVIDENCE_ANNOTATIONS, type EvidenceSource } from './alerts/evidence-desk.js';
export type { RuleAlert, RuleSignals } from './alerts/signals/rule-signals.js';
export type { MaintenanceStatus } from './alerts/suppression/maintenance-book.js';
export { maintenanceProblem, maintenanceSpan } from './alerts/suppression/maintenance-times.js';
export { Audit, type AuditEntry, type AuditRow } from './audit/audit.js';
export { createContainer } from './container/create-container.js';
export {
  CLOCK,
  type EngineParts,
  EVENTS,
  EVIDENCE,
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
export { pluginStore } from './instances/instance-context.js';
export type { Journal, JournalRow } from './journal/journal.js';
export type { ChannelStatus, Channels, DeadLetter } from './outbox/channels.js';
export { cutPage, type ListPage, type PageRequest } from './paging.js';
export {
  type ChannelInstance,
  type ChannelWishes,
  type CheckInstance,
  type CollectorInstance,
  EMPTY_PLAN,
  type Escalation,
  type Inhibition,
  type InstanceBase,
  type Plan,
  type PlanChange,
} from './plan/plan.js';
export { planFaults } from './plan/plan-faults.js';
export type { EvaluationRequest, Queries } from './query/queries.js';
export type { PlannedRules, RulePackInstance } from './rules/planned-rules.js';
export type { RuleGroupStatus, RuleParameter, RuleStatus, Rules } from './rules/rules.js';
export type { EngineStats } from './stats/engine-stats.js';
export type { MetricFamily, MetricSample } from './stats/metric-family.js';
export type { CheckFilter, CheckStatus } from './verdicts/check-status.js';
export type { CheckCounts, Checks } from './verdicts/checks.js';
