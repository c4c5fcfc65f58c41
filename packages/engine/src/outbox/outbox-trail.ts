import type { Notification, NotificationKind, Severity } from '@labkeeper/core';
import type { JournalRow } from '../journal/journal.js';
import type { ChannelInstance } from '../plan/plan.js';
import type { OutboxChange } from './outbox-change.js';
import type { OutboxRow } from './outbox-row.js';

type Row = Omit<JournalRow, 'atMs'>;

/** Why a channel does not want such a message; undefined when it does. */
export function refusal(
  { name, when }: ChannelInstance,
  kind: NotificationKind,
  severity: Severity,
): string | undefined {
  if (!when.kinds.includes(kind)) return `${name} does not want ${kind}`;
  return when.severities.includes(severity) ? undefined : `${name} does not want the severity ${severity}`;
}

/** A message is on its way. */
export function queued({ channel, notification }: OutboxRow, reason: string): Row {
  return { kind: 'notification.queued', reason, channel, ...about(notification) };
}

/** One row for each alert that the message is about, so that every one of them has its trail. */
export function forEachAlert(row: Row, { alerts, alertId }: Notification): readonly Row[] {
  if (!alerts || alertId !== undefined) return [row];
  return alerts.map((alert) => ({ ...row, alertId: alert.alertId }));
}

/** Nothing is told, for that reason. */
export function skipped(notification: Notification, reason: string, channel?: string): OutboxChange {
  const row: Row = {
    kind: 'notification.skipped',
    reason,
    ...(channel === undefined ? {} : { channel }),
    ...about(notification),
  };
  return { add: [], remove: [], journal: [row] };
}

function about({ id, alertId, entity }: Notification): Pick<Row, 'notificationId' | 'alertId' | 'entity'> {
  return {
    notificationId: id,
    ...(alertId === undefined ? {} : { alertId }),
    ...(entity === undefined ? {} : { entity }),
  };
}
