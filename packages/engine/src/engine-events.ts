import type {
  Alert,
  AlertState,
  Entity,
  EntityId,
  Fault,
  Notification,
  SampleBatch,
  VerdictStatus,
} from '@labkeeper/core';
import type { PlanChange } from './plan/plan.js';
import type { CheckStatus } from './verdicts/check-status.js';

/**
 * What the engine tells. State is on disk before an event is published, so whoever hears it may rely on it.
 * Payloads are plain data and must not be changed.
 */
export interface EngineEvents extends Record<string, unknown> {
  'entity.seen': { readonly entity: Entity; readonly change: 'new' | 'changed' | 'seen' };
  'entity.removed': { readonly id: EntityId };
  /** A batch is stored. `entities` are those whose collectors and checks it came from. The columns are the ones that were
   * written; nobody may change them. */
  'samples.appended': {
    readonly count: number;
    readonly entities: readonly EntityId[];
    readonly batch: SampleBatch;
  };
  /** Every run of every check. */
  'check.result': { readonly check: CheckStatus };
  /** A check was added, paused, resumed or changed otherwise than by a result. */
  'check.changed': { readonly check: CheckStatus };
  'check.removed': { readonly id: string };
  'verdict.changed': {
    readonly check: CheckStatus;
    readonly from: VerdictStatus;
    readonly to: VerdictStatus;
  };
  'alert.changed': { readonly alert: Alert; readonly from: AlertState | 'none'; readonly reason: string };
  'notification.delivered': { readonly notification: Notification; readonly channel: string };
  'notification.retry': {
    readonly notification: Notification;
    readonly channel: string;
    readonly reason: string;
  };
  'notification.dead': {
    readonly notification: Notification;
    readonly channel: string;
    readonly reason: string;
  };
  'task.failed': { readonly id: string; readonly plugin: string; readonly reason: string };
  'plan.applied': { readonly change: PlanChange };
  /** Told by the host: a changed configuration has faults, and the running one goes on. */
  'config.rejected': { readonly faults: readonly Fault[] };
}
