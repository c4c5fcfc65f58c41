import { type Alert, type AlertState, compareSeverity, fingerprint } from '@labkeeper/core';
import type { AlertSignal } from './alert-signal.js';
import type { KeptAlert } from './kept-alert.js';

/**
 * An alert that fires again this soon after it was resolved is the same trouble: it is opened again, with its
 * acknowledgement. Ten minutes is how long a machine takes to restart, update and restart.
 */
export const REOPEN_WITHIN_MS = 600_000;

/** What happens to an alert. */
export type AlertMove =
  | { readonly kind: 'fire' | 'reopen'; readonly kept: KeptAlert }
  | { readonly kind: 'change'; readonly kept: KeptAlert; readonly isWorse: boolean }
  | { readonly kind: 'resolve'; readonly kept: KeptAlert }
  /** A condition that a person had closed an alert of is over: from now on it may fire anew. */
  | { readonly kind: 'clear'; readonly kept: KeptAlert };

/** What a move needs from outside. */
export interface MoveFacts {
  readonly source: string;
  readonly nowMs: number;
  readonly nextId: () => string;
}

/**
 * The next move of an alert, given the last one of its source and what the source says now; undefined: nothing changes.
 * Pure, and the same for checks and rules. Notifications and suppression are decided elsewhere.
 */
export function nextMove(
  kept: KeptAlert | undefined,
  signal: AlertSignal | undefined,
  facts: MoveFacts,
): AlertMove | undefined {
  if (kept && kept.alert.state !== 'resolved') return moveOfOpen(kept, signal, facts);
  if (!signal)
    return kept?.isClosedByHand ? { kind: 'clear', kept: { ...kept, isClosedByHand: false } } : undefined;
  if (signal.phase !== 'firing') return undefined;
  if (!kept) return { kind: 'fire', kept: fresh(signal, facts) };
  if (kept.isClosedByHand)
    return signal.rank > kept.rank ? { kind: 'fire', kept: fresh(signal, facts) } : undefined;
  const isSoon = facts.nowMs - (kept.alert.resolvedAtMs ?? 0) <= REOPEN_WITHIN_MS;
  return isSoon
    ? { kind: 'reopen', kept: reopened(kept, signal, facts) }
    : { kind: 'fire', kept: fresh(signal, facts) };
}

function moveOfOpen(
  kept: KeptAlert,
  signal: AlertSignal | undefined,
  { nowMs }: MoveFacts,
): AlertMove | undefined {
  if (!signal) return { kind: 'resolve', kept: resolved(kept, nowMs) };
  // A pending signal of an open alert: it got better and worse again, but never well.
  if (signal.isBlind || signal.phase !== 'firing') return undefined;
  const { type, severity } = kept.alert;
  if (signal.type === type && signal.severity === severity) return undefined;
  const isWorse =
    signal.rank > kept.rank || (signal.rank === kept.rank && compareSeverity(signal.severity, severity) < 0);
  return {
    kind: 'change',
    isWorse,
    kept: { ...kept, rank: signal.rank, alert: { ...kept.alert, ...told(signal) } },
  };
}

/** The alert as resolved at that time. Pure. */
export function resolved(kept: KeptAlert, nowMs: number): KeptAlert {
  const { suppression: _, ...alert } = kept.alert;
  return { ...kept, told: [], isQuiet: false, alert: { ...alert, state: 'resolved', resolvedAtMs: nowMs } };
}

function fresh(signal: AlertSignal, { source, nowMs, nextId }: MoveFacts): KeptAlert {
  const alert = { ...alertOf(signal, nextId(), 'firing'), firingAtMs: nowMs };
  return { alert, source, rank: signal.rank, told: [], isClosedByHand: false, isQuiet: false };
}

function reopened(kept: KeptAlert, signal: AlertSignal, { nowMs }: MoveFacts): KeptAlert {
  const { acknowledgement } = kept.alert;
  const sticks =
    acknowledgement !== undefined && (acknowledgement.untilMs ?? Number.POSITIVE_INFINITY) > nowMs;
  const alert: Alert = { ...alertOf(signal, kept.alert.id, 'firing'), firingAtMs: nowMs };
  return { ...kept, rank: signal.rank, alert: sticks ? { ...alert, acknowledgement } : alert };
}

/** A signal as an alert. */
export function alertOf(signal: AlertSignal, id: string, state: AlertState): Alert {
  return {
    id,
    fingerprint: fingerprint(signal.labels),
    rule: signal.rule,
    labels: signal.labels,
    annotations: {},
    ...(signal.entity === undefined ? {} : { entity: signal.entity }),
    ...told(signal),
    state,
    pendingAtMs: signal.sinceMs,
  };
}

/** What people are told of it, which changes when it gets worse or better. */
function told({ type, severity, title, message, value, threshold }: AlertSignal) {
  return {
    ...{ type, severity, title, message },
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}
