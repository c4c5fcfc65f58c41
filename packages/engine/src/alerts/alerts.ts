import type {
  Actor,
  Alert,
  AlertsClient,
  EntityId,
  Maintenance,
  Severity,
  Suppression,
} from '@labkeeper/core';
import type { JournalRow } from '../journal/journal.js';
import type { ListPage, PageRequest } from '../paging.js';
import type { MaintenanceStatus } from './suppression/maintenance-book.js';

/** What people distinguish: `open` is firing and not acknowledged, `acknowledged` is firing and somebody knows. */
export const ALERT_STATUSES = ['open', 'acknowledged', 'resolved'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** The status of an alert that is or was firing. */
export function alertStatus({ state, acknowledgement }: Alert): AlertStatus {
  if (state === 'resolved') return 'resolved';
  return acknowledgement ? 'acknowledged' : 'open';
}

/** Which alerts to list. Several conditions must all hold. */
export interface AlertFilter {
  readonly status?: AlertStatus;
  readonly severity?: Severity;
  readonly entity?: EntityId;
}

/** Alerts that are not resolved. */
export interface AlertCounts {
  readonly open: number;
  readonly acknowledged: number;
  /** Among both of them, so many are held back: by a silence, a window, an inhibition, a dependency, or because they flap. */
  readonly suppressed: number;
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
}

/** Who does something to an alert, and why. */
export interface AlertChange {
  readonly by: Actor;
  readonly reason: string;
}

/** All alerts, open and resolved, and what decides whether people are told of them. */
export interface Alerts extends AlertsClient {
  /** Newest first. Pending alerts are not among them. Rejects with STORAGE_INVALID for a cursor that no page has given. */
  list(filter?: AlertFilter, page?: PageRequest): Promise<ListPage<Alert>>;
  get(id: string): Promise<Alert | undefined>;
  /** Alerts that are firing, newest first. Kept in memory. */
  firing(): readonly Alert[];
  /** Conditions that are true, but not yet for long enough. Nobody is told of them, nothing of them is stored. */
  pending(): readonly Alert[];
  counts(): AlertCounts;
  /** How many firing alerts are held back, by what. */
  suppressions(): Readonly<Record<Suppression['kind'], number>>;
  /** Everything that was decided about an alert, oldest first. Empty for an alert that is unknown, or older than the journal is kept. */
  why(id: string): Promise<readonly JournalRow[]>;
  /** All maintenance windows, sorted by name. */
  maintenance(): readonly MaintenanceStatus[];
  /** Makes or changes a window. Rejects with VALIDATION_ERROR, or CONFLICT for the name of one of the configuration file. */
  setMaintenance(maintenance: Maintenance, by: Actor): Promise<MaintenanceStatus>;
  /** Removes a window; true when there was one. Rejects with CONFLICT for one of the configuration file. */
  removeMaintenance(name: string, by: Actor): Promise<boolean>;
  /** The same as {@link Alerts.acknowledge} for all that fire among these, told as one message. Resolves with those. */
  acknowledgeAll(
    ids: readonly string[],
    change: AlertChange & { readonly untilMs?: number },
  ): Promise<readonly Alert[]>;
  /**
   * Somebody has seen it. Sticks when the alert is resolved and fires again within ten minutes; ends at `untilMs`, and
   * then the alert is told again. Repeating it replaces it. Rejects with NOT_FOUND, or CONFLICT when it is resolved.
   */
  acknowledge(id: string, change: AlertChange & { readonly untilMs?: number }): Promise<Alert>;
  /** Takes an acknowledgement back. Rejects with NOT_FOUND, or CONFLICT when there is none. */
  unacknowledge(id: string, change: AlertChange): Promise<Alert>;
  /**
   * Closes an alert by hand. While its condition goes on it stays closed; it fires anew when the condition has cleared
   * once, or gets worse. Rejects with NOT_FOUND, or CONFLICT when it is resolved already.
   */
  resolve(id: string, change: AlertChange): Promise<Alert>;
}
