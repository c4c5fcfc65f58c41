import {
  type Actor,
  type Alert,
  compareSeverity,
  formatDuration,
  type Notification,
  type NotificationAlert,
  type NotificationField,
} from '@labkeeper/core';

/** What wording needs besides the alert. */
export interface WordingFacts {
  readonly id: string;
  readonly nowMs: number;
  /** Name of the entity for people. */
  readonly entityName?: string | undefined;
  readonly url?: string | undefined;
}

/** Why an alert is over. */
export interface Ending {
  /** `nextcloud is up again` */
  readonly title: string;
  /** One or more sentences. */
  readonly reason: string;
  readonly by?: Actor;
}

/** Something is wrong. `note` says why it is told now, where that is not plain. */
export function firingMessage(alert: Alert, facts: WordingFacts, note = ''): Notification {
  const { acknowledgement: known } = alert;
  const seen = known
    ? `Acknowledged by ${known.by.name}${known.reason === '' ? '' : `: ${known.reason}`}.`
    : '';
  return {
    ...base(alert, facts),
    kind: 'alert.firing',
    title: alert.title,
    text: [alert.message, seen, note].filter(Boolean).join(' '),
    atMs: alert.firingAtMs ?? alert.pendingAtMs,
  };
}

/** It is over. */
export function resolvedMessage(alert: Alert, ending: Ending, facts: WordingFacts): Notification {
  const message = base(alert, facts);
  return {
    ...message,
    kind: 'alert.resolved',
    title: ending.title,
    text: ending.reason,
    fields: [...message.fields, { label: 'Lasted', value: lasted(alert, facts.nowMs), short: true }],
    atMs: facts.nowMs,
    // The alert itself may be marked as over only with the same plan that sends this.
    alerts: [alertSummary({ resolvedAtMs: facts.nowMs, ...alert, state: 'resolved' })],
  };
}

/** It is over, told to somebody who has not heard yet that it began. */
export function lateMessage(alert: Alert, ending: Ending, facts: WordingFacts): Notification {
  const message = resolvedMessage(alert, ending, facts);
  const story = `For ${lasted(alert, facts.nowMs)}: ${alert.title}, ${alert.message}. This could not be told at the time.`;
  return { ...message, text: `${story} ${ending.reason}`.trim() };
}

/** Somebody has seen it. */
export function acknowledgedMessage(alert: Alert, facts: WordingFacts): Notification {
  const { acknowledgement: known } = alert;
  const until =
    known?.untilMs === undefined
      ? ''
      : ` Until ${new Date(known.untilMs).toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
  return {
    ...base(alert, facts),
    kind: 'alert.acknowledged',
    title: `${known?.by.name ?? 'Somebody'} has seen: ${alert.title}`,
    text: `${known?.reason ?? ''}${until}`.trim(),
    atMs: facts.nowMs,
  };
}

/** Somebody has seen several at once. At least one alert. */
export function acknowledgedTogether(alerts: readonly Alert[], facts: WordingFacts): Notification {
  const worst = [...alerts].sort((a, b) => compareSeverity(a.severity, b.severity))[0] as Alert;
  const one = acknowledgedMessage(worst, facts);
  return {
    ...{ id: one.id, kind: one.kind, severity: one.severity, atMs: one.atMs, fields: [], buttons: [] },
    title: `${worst.acknowledgement?.by.name ?? 'Somebody'} has seen ${alerts.length} alerts`,
    text: [one.text, ...alerts.map(({ title }) => title)].filter(Boolean).join('\n'),
    alerts: alerts.map(alertSummary),
  };
}

/** An alert within a message. */
export function alertSummary(alert: Alert): NotificationAlert {
  const { id, title, message, severity, state, entity, firingAtMs, pendingAtMs, resolvedAtMs } = alert;
  const { rule, labels, annotations, fingerprint, url } = alert;
  const isOver = state === 'resolved';
  return {
    ...{ alertId: id, title, text: message, severity, rule, labels, annotations, fingerprint },
    state: isOver ? 'resolved' : 'firing',
    sinceMs: firingAtMs ?? pendingAtMs,
    ...(isOver && resolvedAtMs !== undefined ? { endsAtMs: resolvedAtMs } : {}),
    ...(entity === undefined ? {} : { entity }),
    ...(url === undefined ? {} : { url }),
  };
}

/** How long it has been firing, for people: seconds at the finest. */
function lasted(alert: Alert, nowMs: number): string {
  const fromMs = alert.firingAtMs ?? alert.pendingAtMs;
  return formatDuration(Math.max(1_000, Math.round((nowMs - fromMs) / 1_000) * 1_000));
}

/** What every message about one alert has. */
function base(alert: Alert, { id, entityName, url }: WordingFacts) {
  const { severity, entity, labels } = alert;
  const fields: NotificationField[] = [];
  if (entity !== undefined) fields.push({ label: 'Entity', value: entityName ?? entity, short: true });
  if (labels.check !== undefined) fields.push({ label: 'Check', value: labels.check, short: true });
  return {
    ...{ id, severity, fields, buttons: [], alertId: alert.id, alerts: [alertSummary(alert)] },
    ...(entity === undefined ? {} : { entity }),
    ...(url === undefined ? {} : { url }),
  };
}
