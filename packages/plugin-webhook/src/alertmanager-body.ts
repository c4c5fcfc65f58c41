import { createHash } from 'node:crypto';
import type { Labels, Notification, NotificationAlert } from '@labkeeper/core';
import { timeText } from './labkeeper-body.js';

/** How Alertmanager writes that something has not ended. */
const NO_END = '0001-01-01T00:00:00Z';
/** Alertmanager's fingerprints have 16 digits. */
const FINGERPRINT_DIGITS = 16;

interface WireAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/**
 * A message in the form of Alertmanager's webhook, version 4
 * (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). Pure.
 */
export function alertmanagerBody(message: Notification) {
  const alerts = alertsOf(message);
  const { url = '' } = message;
  const groupLabels = groupLabelsOf(message);
  return {
    version: '4',
    groupKey: `{}:${groupKey(groupLabels)}`,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'labkeeper',
    groupLabels,
    commonLabels: shared(alerts.map(({ labels }) => labels)),
    commonAnnotations: shared(alerts.map(({ annotations }) => annotations)),
    externalURL: URL.canParse(url) ? new URL(url).origin : '',
    alerts,
  };
}

/** A channel that does not group has one group for each alert. */
function groupLabelsOf({ groupLabels, alertId }: Notification): Labels {
  return groupLabels ?? (alertId === undefined ? {} : { alert_id: alertId });
}

function groupKey(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.sort().join(', ')}}`;
}

/** The alerts of a message, or one made of what the message itself says. */
function alertsOf(message: Notification): readonly WireAlert[] {
  const { alerts = [], atMs } = message;
  return alerts.length > 0 ? alerts.map((alert) => alertPart(alert, atMs)) : [messagePart(message)];
}

function alertPart(alert: NotificationAlert, atMs: number): WireAlert {
  const { alertId, title, text, severity, state, sinceMs, endsAtMs = atMs, entity } = alert;
  const { rule, labels, annotations, fingerprint, url = '' } = alert;
  return {
    status: state,
    // Receivers know an alert by its labels: what is another one at the next time, such as the id, is no label.
    labels: { alertname: rule, severity, ...(entity === undefined ? {} : { entity }), ...labels },
    annotations: { summary: title, description: text, alert_id: alertId, ...annotations },
    startsAt: timeText(sinceMs),
    endsAt: state === 'firing' ? NO_END : timeText(endsAtMs),
    generatorURL: url,
    fingerprint,
  };
}

/** A report, a test and the like: no alert, in the form of one. */
function messagePart(message: Notification): WireAlert {
  const { id, alertId = id, title, text, severity, kind, atMs, entity, url = '' } = message;
  // What is no alert comes as over: as firing it would stay open at the receiver for ever.
  const status = kind === 'alert.firing' || kind === 'alert.acknowledged' ? 'firing' : 'resolved';
  return {
    status,
    labels: {
      alertname: entity ?? 'Labkeeper',
      alert_id: alertId,
      severity,
      ...(entity === undefined ? {} : { entity }),
    },
    annotations: { summary: title, description: text },
    startsAt: timeText(atMs),
    endsAt: status === 'firing' ? NO_END : timeText(atMs),
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
