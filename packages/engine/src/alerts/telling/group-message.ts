import { type Alert, compareSeverity, type Notification, type NotificationField } from '@labkeeper/core';
import { alertSummary } from '../alert-wording.js';
import type { TellingGroup } from './telling-group.js';

/** Alerts that are named in the text; a chat shows no more than that without being unfolded. */
const NAMED_ALERTS = 20;
/** Alerts that a message carries; the page shows the others. */
const CARRIED_ALERTS = 200;

/** Alerts of one group, with what a message needs besides. */
export interface GroupStory {
  readonly id: string;
  readonly nowMs: number;
  readonly group: TellingGroup;
  readonly firing: readonly Alert[];
  readonly resolved: readonly Alert[];
}

/** One message about several alerts, worst first, those that are over last. Every notifier can show it: all of it stands in the text. */
export function groupMessage({ id, nowMs, group, firing, resolved }: GroupStory): Notification {
  const open = [...firing].sort((a, b) => compareSeverity(a.severity, b.severity));
  const alerts = [...open, ...resolved];
  return {
    id,
    kind: open.length > 0 ? 'alert.firing' : 'alert.resolved',
    severity:
      (open[0] ?? [...resolved].sort((a, b) => compareSeverity(a.severity, b.severity))[0])?.severity ??
      'low',
    title: titleOf(open, resolved, group),
    text: textOf(alerts),
    fields: fieldsOf(group, open.length, resolved.length),
    buttons: [],
    atMs: nowMs,
    alerts: alerts.slice(0, CARRIED_ALERTS).map(alertSummary),
    ...groupLabelsOf(group),
  };
}

/** What its alerts have in common; a digest's have nothing. Pure. */
export function groupLabelsOf({ labels, isDigest }: TellingGroup): Pick<Notification, 'groupLabels'> {
  return isDigest ? {} : { groupLabels: labels };
}

function titleOf(firing: readonly Alert[], resolved: readonly Alert[], group: TellingGroup): string {
  const counts = [
    ...(firing.length > 0 ? [`${firing.length} ${firing.length === 1 ? 'alert' : 'alerts'}`] : []),
    ...(resolved.length > 0 ? [`${resolved.length} over`] : []),
  ].join(', ');
  const common = Object.entries(group.labels).map(([name, value]) => `${name}=${value}`);
  return common.length > 0 ? `${counts}: ${common.join(' ')}` : counts;
}

function textOf(alerts: readonly Alert[]): string {
  const lines = alerts
    .slice(0, NAMED_ALERTS)
    .map(({ state, title, message }) => `${state === 'resolved' ? 'Over: ' : ''}${title}: ${message}`);
  const rest = alerts.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function fieldsOf({ labels }: TellingGroup, firing: number, resolved: number): readonly NotificationField[] {
  return [
    ...Object.entries(labels).map(([label, value]) => ({ label, value, short: true })),
    { label: 'Firing', value: String(firing), short: true },
    { label: 'Over', value: String(resolved), short: true },
  ];
}
