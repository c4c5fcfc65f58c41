import { createHash } from 'node:crypto';
import type { Labels, Notification, NotificationAlert } from '@labkeeper/core';
import { timeText } from './labkeeper-body.js';

/** How Alertmanager writes that something has not ended. */
const NO_END = '0001-01-01T00:00:00Z';
/** Alertmanager's fingerprints have 16 digits. */
const FINGERPRINT_DIGITS = 16;

/**
 * A message in the form of Alertmanager's webhook, version 4
 * (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). Pure.
 */
export function alertmanagerBody(message: Notification) {
  const alerts = alertsOf(message).map((alert) => alertPart(alert, message));
  const { alertId, url = '' } = message;
  return {
    version: '4',
    groupKey: `{}:{${alertId === undefined ? '' : `alert_id=${JSON.stringify(alertId)}`}}`,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'labkeeper',
    groupLabels: alertId === undefined ? {} : { alert_id: alertId },
    commonLabels: shared(alerts.map(({ labels }) => labels)),
    commonAnnotations: shared(alerts.map(({ annotations }) => annotations)),
    externalURL: URL.canParse(url) ? new URL(url).origin : '',
    alerts,
  };
}

/** The alerts of a message, or the one that the message itself is about. */
function alertsOf(message: Notification): readonly NotificationAlert[] {
  if (message.alerts && message.alerts.length > 0) return message.alerts;
  const { id, alertId = id, title, text, severity, kind, atMs, entity } = message;
  // What is no alert comes as over: as firing it would stay open at the receiver for ever.
  const state = kind === 'alert.firing' || kind === 'alert.acknowledged' ? 'firing' : 'resolved';
  return [
    { alertId, title, text, severity, state, sinceMs: atMs, ...(entity === undefined ? {} : { entity }) },
  ];
}

function alertPart(
  { alertId, title, text, severity, state, sinceMs, entity }: NotificationAlert,
  { atMs, url = '' }: Notification,
) {
  return {
    status: state,
    // Receivers know an alert by its labels: what changes on the way, such as the title, is no label.
    labels: {
      alertname: entity ?? 'Labkeeper',
      alert_id: alertId,
      severity,
      ...(entity === undefined ? {} : { entity }),
    } satisfies Labels,
    annotations: { summary: title, description: text } satisfies Labels,
    startsAt: timeText(sinceMs),
    endsAt: state === 'firing' ? NO_END : timeText(atMs),
    generatorURL: url,
    fingerprint: createHash('sha256').update(alertId).digest('hex').slice(0, FINGERPRINT_DIGITS),
  };
}

/** What all of them have alike. */
function shared(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((labels) => labels[name] === value)),
  );
}
