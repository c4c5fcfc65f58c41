import type { EntityId } from './entity.js';
import type { Severity } from './severity.js';

export const NOTIFICATION_KINDS = [
  'alert.firing',
  'alert.resolved',
  'alert.acknowledged',
  'action.changed',
  'report',
  'test',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** A name and a value; `short` ones may stand side by side. */
export interface NotificationField {
  readonly label: string;
  readonly value: string;
  readonly short?: boolean;
}

/** Something the reader may do. Channels without buttons show `command` as text, or nothing. */
export interface NotificationButton {
  readonly label: string;
  /** The command and its arguments as a person would type them: `/ack 3f1c`. */
  readonly command: string;
  readonly style?: 'primary' | 'danger';
}

/** One alert of a message that tells of several. */
export interface NotificationAlert {
  readonly alertId: string;
  readonly title: string;
  readonly text: string;
  readonly severity: Severity;
  readonly state: 'firing' | 'resolved';
  /** When it began to fire. */
  readonly sinceMs: number;
  readonly entity?: EntityId;
}

/**
 * One message in plain words, before any channel gives it its form.
 * A duplicate delivery, possible only after a crash, carries the same `id`.
 */
export interface Notification {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly severity: Severity;
  readonly title: string;
  /** Plain text; no markup of any channel. */
  readonly text: string;
  readonly fields: readonly NotificationField[];
  readonly buttons: readonly NotificationButton[];
  /** When the thing told of happened, not when it was sent. */
  readonly atMs: number;
  readonly entity?: EntityId;
  readonly alertId?: string;
  /** The alerts of a message that tells of several; what matters of them stands in the text too. */
  readonly alerts?: readonly NotificationAlert[];
  /** Page where the reader finds more. */
  readonly url?: string;
}
