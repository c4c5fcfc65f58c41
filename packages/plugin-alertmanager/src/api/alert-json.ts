import type { Alert } from '@labkeeper/core';

/** An alert that is not sent again is over after this: what Alertmanager shows as the end of one that goes on. */
const RESOLVE_TIMEOUT_MS = 300_000;

export interface WireState {
  readonly state: 'active' | 'suppressed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly mutedBy: readonly string[];
}

/** How an alert is suppressed, in Alertmanager's words: what it has no word for is muted. */
export function stateOf({ suppression }: Alert): WireState {
  const by = suppression ? [suppression.by] : [];
  return {
    state: suppression ? 'suppressed' : 'active',
    silencedBy: suppression?.kind === 'silence' ? by : [],
    inhibitedBy: suppression?.kind === 'inhibition' || suppression?.kind === 'dependency' ? by : [],
    mutedBy: suppression?.kind === 'maintenance' || suppression?.kind === 'flapping' ? by : [],
  };
}

/** An alert as Alertmanager's API v2 gives it. `channels` are those that want it. */
export function alertJson(alert: Alert, channels: readonly string[], nowMs: number) {
  const { labels, annotations, fingerprint, pendingAtMs, firingAtMs = pendingAtMs, notifiedAtMs } = alert;
  return {
    labels,
    annotations: { summary: alert.title, description: alert.message, ...annotations },
    receivers: channels.map((name) => ({ name })),
    fingerprint,
    startsAt: new Date(firingAtMs).toISOString(),
    updatedAt: new Date(notifiedAtMs ?? firingAtMs).toISOString(),
    endsAt: new Date(nowMs + RESOLVE_TIMEOUT_MS).toISOString(),
    generatorURL: alert.url ?? '',
    status: stateOf(alert),
  };
}
