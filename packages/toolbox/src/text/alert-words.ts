import type { Notification, NotificationKind, Severity } from '@labkeeper/core';

/** Green: it is well again. */
const RESOLVED_COLOUR = '#2e7d32';
/** Grey: for the record. */
const NEUTRAL_COLOUR = '#546e7a';
const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  critical: '#d32f2f',
  high: '#f57c00',
  medium: '#fbc02d',
  low: '#1976d2',
};

/** The colour of a message, as `#rrggbb`: by severity while something is wrong, green when it is over. */
export function alertColour({ kind, severity }: Pick<Notification, 'kind' | 'severity'>): string {
  if (kind === 'alert.resolved') return RESOLVED_COLOUR;
  return kind === 'alert.firing' ? SEVERITY_COLOURS[severity] : NEUTRAL_COLOUR;
}

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: '🚨 Critical',
  high: '🔶 High',
  medium: '⚠️ Medium',
  low: 'ℹ️ Low',
};
const KIND_WORDS: Readonly<Record<Exclude<NotificationKind, 'alert.firing'>, string>> = {
  'alert.resolved': '✅ Resolved',
  'alert.acknowledged': '👀 Acknowledged',
  'action.changed': '🔧 Action',
  report: '📊 Report',
  test: '🔔 Test',
};

/** The title of a message with the word and the sign that tell at a glance what it is: `🚨 Critical: nextcloud is down`. */
export function alertTitle({
  kind,
  severity,
  title,
}: Pick<Notification, 'kind' | 'severity' | 'title'>): string {
  return `${kind === 'alert.firing' ? SEVERITY_WORDS[severity] : KIND_WORDS[kind]}: ${title}`;
}
