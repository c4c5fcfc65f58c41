import type { Labels, Notification, NotificationAlert, NotificationField } from '@labkeeper/core';
import { cutText } from '@labkeeper/toolbox';

/** Longest text, in characters; the notifier tells the engine so. */
export const TEXT_LENGTH = 20_000;
const TITLE_LENGTH = 500;
const VALUE_LENGTH = 4_000;
/** Raised when a field is removed or changes its meaning; a new field does not raise it. */
const BODY_VERSION = '1';

type AlertTexts = Readonly<
  Record<
    | 'alert_id'
    | 'title'
    | 'text'
    | 'severity'
    | 'state'
    | 'since'
    | 'ends_at'
    | 'entity'
    | 'rule'
    | 'fingerprint'
    | 'url',
    string
  >
>;

/** An alert that a message tells of. */
export type WebhookAlert = AlertTexts & { readonly labels: Labels; readonly annotations: Labels };

/**
 * The JSON of a message, and what templates see. Every field is always there, so that a receiver need not ask; a text
 * that there is none of is empty. Times are RFC 3339 in UTC. The README describes it field by field.
 */
export interface WebhookBody {
  readonly version: string;
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly title: string;
  readonly text: string;
  readonly at: string;
  readonly entity: string;
  readonly alert_id: string;
  readonly url: string;
  readonly fields: readonly { readonly label: string; readonly value: string; readonly short: boolean }[];
  readonly buttons: readonly { readonly label: string; readonly command: string }[];
  readonly alerts: readonly WebhookAlert[];
  readonly group_labels: Labels;
}

/** Gives a message the form of version 1. Pure. */
export function labkeeperBody(message: Notification): WebhookBody {
  const { id, kind, severity, title, text, atMs, entity, alertId, url } = message;
  const { fields, buttons, alerts = [], groupLabels = {} } = message;
  return {
    version: BODY_VERSION,
    id,
    kind,
    severity,
    title: cutText(title, TITLE_LENGTH),
    text: cutText(text, TEXT_LENGTH),
    at: timeText(atMs),
    entity: entity ?? '',
    alert_id: alertId ?? '',
    url: url ?? '',
    fields: fields.map(fieldPart),
    buttons: buttons.map(({ label, command }) => ({ label, command })),
    alerts: alerts.map(alertPart),
    group_labels: groupLabels,
  };
}

/** RFC 3339 in UTC, to the millisecond. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function fieldPart({ label, value, short = false }: NotificationField) {
  return { label: cutText(label, TITLE_LENGTH), value: cutText(value, VALUE_LENGTH), short };
}

function alertPart(alert: NotificationAlert): WebhookAlert {
  const { alertId, title, text, severity, state, sinceMs, endsAtMs, entity } = alert;
  const { rule, labels, annotations, fingerprint, url } = alert;
  return {
    alert_id: alertId,
    title: cutText(title, TITLE_LENGTH),
    text: cutText(text, VALUE_LENGTH),
    severity,
    state,
    since: timeText(sinceMs),
    ends_at: endsAtMs === undefined ? '' : timeText(endsAtMs),
    entity: entity ?? '',
    ...{ rule, fingerprint, labels, annotations },
    url: url ?? '',
  };
}
