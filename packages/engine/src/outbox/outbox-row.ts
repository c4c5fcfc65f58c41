import type { CollectionDeclaration, Notification } from '@labkeeper/core';

/** One message for one channel, on disk until the channel has accepted it. */
export interface OutboxRow {
  /** `<channel>/<id of the notification>`: sorted, rows of a channel are in the order in which they were made. */
  readonly id: string;
  readonly channel: string;
  readonly notification: Notification;
  readonly createdAtMs: number;
  readonly attempts: number;
  readonly state: 'pending' | 'dead';
  /** The channel has heard nothing of this alert before: until it has taken this row, nothing is known there. */
  readonly isBeginning?: true;
  /** Why the last attempt failed. */
  readonly reason?: string;
  readonly deadAtMs?: number;
}

export const OUTBOX: CollectionDeclaration = {
  name: 'outbox',
  indexes: { state: 'text', deadAtMs: 'number' },
};

/** A fresh row. */
export function outboxRow(channel: string, notification: Notification, nowMs: number): OutboxRow {
  return {
    id: `${channel}/${notification.id}`,
    channel,
    notification,
    createdAtMs: nowMs,
    attempts: 0,
    state: 'pending',
  };
}
