import { type Alert, type AlertState, compareSeverity, fingerprint } from '@labkeeper/core';
import { type AlertSignal, PRESENT_MS } from './alert-signal.js';
import type { Ending } from './alert-wording.js';
import { type KeptAlert, UNTOLD } from './kept-alert.js';

/**
 * An alert that fires again this soon after it was resolved is the same trouble: it is opened again, with its
 * acknowledgement. Ten minutes is how long a machine takes to restart, update and restart.
 */
export const REOPEN_WITHIN_MS = 600_000;
/** Whoever was told that an alert is over does not hear within this time that it fires again, unless it lasts (R-AL4). */
const COOL_DOWN_MS = 300_000;
/** Beginnings that are remembered: more than it takes to call an alert flapping. */
const REMEMBERED_STARTS = 10;

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
 * Pure, and the same for checks, rules and pushed alerts. Notifications and suppression are decided elsewhere.
 */
export function nextMove(
  kept: KeptAlert | undefined,
  signal: AlertSignal | undefined,
  facts: MoveFacts,
): AlertMove | undefined {
  if (kept && kept.alert.state !== 'resolved') return moveOfOpen(kept, signal, facts);
  if (!signal)
    return kept?.isClosedByHand ? { kind: 'clear', kept: { ...kept, isClosedByHand: false } } : undefined;
  if (signal.phase !== 'firing' || isPast(signal, facts.nowMs)) return undefined;
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
  if (!signal) return { kind: 'resolve', kept };
  // A pending signal of an open alert: it got better and worse again, but never well.
  if (signal.isBlind || signal.phase !== 'firing' || isPast(signal, nowMs)) return undefined;
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

function isPast({ atMs }: AlertSignal, nowMs: number): boolean {
  return atMs !== undefined && nowMs - atMs > PRESENT_MS;
}

/** The alert as resolved at that time. `told` are the channels that have yet to hear of it, by a group. Pure. */
export function resolved(
  kept: KeptAlert,
  ending: Ending,
  { nowMs, due }: { readonly nowMs: number; readonly due: KeptAlert['due'] },
): KeptAlert {
  const { suppression: _, ...alert } = kept.alert;
  return {
    ...kept,
    told: Object.keys(due),
    due,
    owed: 'nothing',
    isQuiet: false,
    ending,
    openSinceMs: undefined,
    coolUntilMs: kept.told.length > 0 ? nowMs + COOL_DOWN_MS : kept.coolUntilMs,
    alert: { ...alert, state: 'resolved', resolvedAtMs: nowMs },
  };
}

function fresh(signal: AlertSignal, { source, nowMs, nextId }: MoveFacts): KeptAlert {
  const alert = { ...alertOf(signal, nextId(), 'firing'), firingAtMs: nowMs };
  return { ...UNTOLD, alert, source, rank: signal.rank, startsMs: [nowMs], openSinceMs: nowMs };
}

function reopened(kept: KeptAlert, signal: AlertSignal, { nowMs }: MoveFacts): KeptAlert {
  const { acknowledgement } = kept.alert;
  const sticks =
    acknowledgement !== undefined && (acknowledgement.untilMs ?? Number.POSITIVE_INFINITY) > nowMs;
  const alert: Alert = { ...alertOf(signal, kept.alert.id, 'firing'), firingAtMs: nowMs };
  return {
    ...kept,
    rank: signal.rank,
    // Groups that were about to tell the end need not: those channels go on believing that it fires, which is true.
    due: {},
    ending: undefined,
    startsMs: [...kept.startsMs, nowMs].slice(-REMEMBERED_STARTS),
    openSinceMs: nowMs,
    // Worse than what people know is news at once.
    coolUntilMs: signal.rank > kept.rank ? undefined : kept.coolUntilMs,
    alert: sticks ? { ...alert, acknowledgement } : alert,
  };
}

/** A signal as an alert. */
export function alertOf(signal: AlertSignal, id: string, state: AlertState): Alert {
  return {
    id,
    fingerprint: fingerprint(signal.labels),
    rule: signal.rule,
    labels: signal.labels,
    ...(signal.entity === undefined ? {} : { entity: signal.entity }),
    ...(signal.url === undefined ? {} : { url: signal.url }),
    ...told(signal),
    state,
    pendingAtMs: signal.sinceMs,
  };
}

/** The alert in the words of the present signal, for telling it again. Pure. */
export function reworded(alert: Alert, signal: AlertSignal | undefined): Alert {
  const isSame = signal?.phase === 'firing' && !signal.isBlind && signal.type === alert.type;
  return isSame ? { ...alert, ...told(signal) } : alert;
}

/** The alert with the title, the text and the values of the present signal, for showing it. What it counts as changes with its moves only. Pure. */
export function shown(alert: Alert, signal: AlertSignal | undefined): Alert {
  const isOpen = alert.state === 'firing' && signal?.severity === alert.severity;
  return isOpen ? reworded(alert, signal) : alert;
}

/** What people are told of it, which changes when it gets worse or better. */
function told({ type, severity, title, message, value, threshold, annotations }: AlertSignal) {
  return {
    ...{ type, severity, title, message, annotations: annotations ?? {} },
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}
