// Door 1: what a plugin author imports. No engine behind it; everything here is data, types and pure functions.

export type { AlertGroup, AlertsClient, PushedAlert, SilenceRequest } from './contract/alerts.js';
export type { Check } from './contract/check.js';
export type { Clock, Timer } from './contract/clock.js';
export type { Collector, Observations } from './contract/collector.js';
export type { Command, Reply, ReplyBlock } from './contract/command.js';
export type { PluginContext, RunContext } from './contract/context.js';
export type {
  Panel,
  RemediationPattern,
  RouteContext,
  RouteSet,
  RulePack,
  Runbook,
  SchedulerAdapter,
} from './contract/extras.js';
export type { HttpClient, HttpRequest, HttpResponse, TlsOptions } from './contract/http.js';
export type { Contribution, Schedule, Target } from './contract/lifecycle.js';
export type { LogFields, Logger } from './contract/log.js';
export type { ChannelLimits, IncomingCommand, Notifier } from './contract/notifier.js';
export {
  durationOption,
  type OptionsOf,
  type OptionText,
  optionsObject,
  SCHEMA_ROLE,
  type Static,
  secretOption,
  type TSchema,
  Type,
} from './contract/options.js';
export {
  type Contributions,
  defineCheck,
  defineCollector,
  defineCommand,
  defineNotifier,
  definePlugin,
  definePredictor,
  defineRemediator,
  defineStorage,
  type Plugin,
  type PluginDefinition,
} from './contract/plugin.js';
export type { Predictor } from './contract/predictor.js';
export type { InstantValue, QueryClient, SeriesSamples } from './contract/query.js';
export type { ActionRequest, ExpectedEffect, Remediator, RemediatorAction } from './contract/remediator.js';
export type {
  Scheduler,
  TaskDefinition,
  TaskHandle,
  TaskRun,
  TaskStats,
  Trigger,
} from './contract/scheduler.js';
export { Secret, type Secrets } from './contract/secret.js';
export type {
  AppendOptions,
  AppendOutcome,
  BackupContents,
  Cardinality,
  Collection,
  CollectionDeclaration,
  IndexValue,
  ListQuery,
  Page,
  PutCondition,
  RecordStore,
  RecordTransaction,
  RestoredStore,
  RestoreRequest,
  RollupColumns,
  RollupResult,
  SampleStats,
  SampleStore,
  SeriesRollup,
  StepSpan,
  Storage,
  StorageAdapter,
  StorageContext,
  StorageForReading,
  StoredRecord,
} from './contract/storage.js';
export { CONTRACT_VERSION } from './contract/version.js';
export { ConfigFailure, DropFailure, PartialFailure, RetryFailure } from './errors/failures.js';
export type { Fault, Position } from './errors/fault.js';
export { describeError, type ErrorDetails, LabkeeperError } from './errors/labkeeper-error.js';
export { ERROR_TABLE, type ErrorCode, type ErrorEntry, RETIRED_CODES } from './errors/table.js';
export {
  ACTION_STATES,
  type Action,
  type ActionResult,
  type ActionState,
  type Risk,
} from './model/action.js';
export { type Actor, ROLES, type Role, roleAllows, SYSTEM_ACTOR } from './model/actor.js';
export {
  type Acknowledgement,
  ALERT_STATES,
  type Alert,
  type AlertState,
  type Evidence,
  type Suppression,
} from './model/alert.js';
export { DURATION_PATTERN, durationMs, formatDuration, parseDuration } from './model/duration.js';
export {
  type AttributeValue,
  type Entity,
  type EntityId,
  type EntityObservation,
  isEntityId,
  splitEntityId,
} from './model/entity.js';
export type { Incident } from './model/incident.js';
export {
  fingerprint,
  isLabelName,
  isMetricName,
  type Labels,
  labelsKey,
  METRIC_NAME_LABEL,
  seriesKey,
} from './model/labels.js';
export {
  type Maintenance,
  type MaintenanceSpan,
  type MaintenanceTimes,
  WEEKDAYS,
  type Weekday,
} from './model/maintenance.js';
export type { Matcher } from './model/matcher.js';
export {
  NOTIFICATION_KINDS,
  type Notification,
  type NotificationAlert,
  type NotificationButton,
  type NotificationField,
  type NotificationKind,
} from './model/notification.js';
export type { Prediction } from './model/prediction.js';
export type { MetricDescription, Sample, SampleBatch, Series } from './model/sample.js';
export { compareSeverity, SEVERITIES, type Severity } from './model/severity.js';
export { SILENCE_STATES, type Silence, type SilenceState, silenceState } from './model/silence.js';
export { isStalenessMark, STALENESS_MARK } from './model/staleness.js';
export { VERDICT_STATUSES, type Verdict, type VerdictStatus } from './model/verdict.js';

// For storage adapters, which are plugins too: what every one of them must do alike.
export { compileMatchers } from './storage/compile-matchers.js';
export { assertDeclaration, assertSameDeclaration, indexedValue } from './storage/declaration.js';
export { cursorAfter, type ListPlan, type ListPosition, planList } from './storage/list-plan.js';
export { assertBatch, assertSeriesName, isRecordKey, recordJson } from './storage/storable.js';
export {
  COUNTER_LOOK_BACK_MS,
  type CounterReading,
  copyBits,
  emptyRollup,
  isCounterName,
  readingBefore,
  type SumUpRules,
  stepEnd,
  sumUpRollup,
  sumUpSamples,
} from './storage/sum-up.js';
export { TurnQueue } from './storage/turn-queue.js';
