import type { EntityId } from './entity.js';
import type { Labels } from './labels.js';
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

/** An alert that a message tells of. */
export interface NotificationAlert {
  readonly alertId: string;
  readonly title: string;
  readonly text: string;
  readonly severity: Severity;
  readonly state: 'firing' | 'resolved';
  /** When it began to fire. */
  readonly sinceMs: number;
  /** When it ended; only of one that is over. */
  readonly endsAtMs?: number;
  readonly entity?: EntityId;
  /** Name of the rule or the check that raised it. */
  readonly rule: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Hash of the labels: the same trouble has the same one when it comes back as another alert. */
  readonly fingerprint: string;
  /** Where its cause can be seen: the generator of a rule or of a pushed alert. */
  readonly url?: string;
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
  /**
   * The alerts that it tells of, for machines; what matters of them stands in the text too. A message about one alert has that one here
   * and its id as `alertId`; a message about several has no `alertId`.
   */
  readonly alerts?: readonly NotificationAlert[];
  /** What the alerts of a channel that groups have in common. Absent: the channel does not group. */
  readonly groupLabels?: Labels;
  /** Page where the reader finds more. */
  readonly url?: string;
}
