import type { VerdictStatus } from '@labkeeper/core';
import { isFlapping, type ResultHistory, remember } from './flapping.js';

/** What a check needs to know of itself between two results. Plain data: it is stored when the status changes. */
export interface VerdictState {
  /** Confirmed. */
  readonly status: VerdictStatus;
  readonly sinceMs: number;
  /** The last result. */
  readonly raw: VerdictStatus;
  /** Results of each kind in a row, up to now. */
  readonly downInARow: number;
  /** Down or degraded. */
  readonly badInARow: number;
  readonly unknownInARow: number;
  readonly upInARow: number;
  /** Neither down nor unknown. */
  readonly notDownInARow: number;
  /** When the present row of results other than up began. */
  readonly badSinceMs?: number | undefined;
  /** Results have stopped coming. */
  readonly silent: boolean;
  readonly flapping: boolean;
  readonly history: ResultHistory;
}

export interface VerdictSettings {
  readonly failuresBeforeDown: number;
  readonly successesBeforeUp: number;
  readonly flapping?: 'detect' | 'ignore';
}

/** Nobody has looked yet. */
export function initialVerdict(nowMs: number): VerdictState {
  return {
    status: 'unknown',
    sinceMs: nowMs,
    raw: 'unknown',
    downInARow: 0,
    badInARow: 0,
    unknownInARow: 0,
    upInARow: 0,
    notDownInARow: 0,
    silent: false,
    flapping: false,
    history: '',
  };
}

/** One letter per status, for histories and beats. */
export const STATUS_LETTER: Readonly<Record<VerdictStatus, string>> = {
  up: 'u',
  degraded: 'g',
  down: 'd',
  unknown: 'n',
};

/**
 * The state after one more result. Pure.
 *
 * - `down`, `degraded` and `unknown` need `failuresBeforeDown` results in a row, so that a single slip tells nobody.
 * - `up` needs `successesBeforeUp` results in a row after trouble, and one at the very beginning.
 * - A check that flaps is not `up`: it keeps its trouble, or is `degraded`. So one alert stays open instead of many that
 *   come and go, and one that fails every other time does not pass for healthy.
 */
export function nextVerdict(
  state: VerdictState,
  raw: VerdictStatus,
  settings: VerdictSettings,
  nowMs: number,
): VerdictState {
  // What nobody can tell says nothing about the target's own steadiness.
  const history = raw === 'unknown' ? state.history : remember(state.history, STATUS_LETTER[raw]);
  const counted: VerdictState = {
    status: state.status,
    sinceMs: state.sinceMs,
    raw,
    downInARow: raw === 'down' ? state.downInARow + 1 : 0,
    badInARow: raw === 'down' || raw === 'degraded' ? state.badInARow + 1 : 0,
    unknownInARow: raw === 'unknown' ? state.unknownInARow + 1 : 0,
    upInARow: raw === 'up' ? state.upInARow + 1 : 0,
    notDownInARow: raw === 'up' || raw === 'degraded' ? state.notDownInARow + 1 : 0,
    badSinceMs: raw === 'up' ? undefined : (state.badSinceMs ?? nowMs),
    silent: false,
    flapping: settings.flapping !== 'ignore' && isFlapping(history, state.flapping),
    history,
  };
  const status = confirmed(counted, settings);
  return status === state.status ? counted : { ...counted, status, sinceMs: nowMs };
}

/** The state when results stop coming: silence is unknown, at once. Pure. */
export function silentVerdict(state: VerdictState, nowMs: number): VerdictState {
  const silent = { ...uncounted(state), raw: 'unknown' as const, silent: true };
  return state.status === 'unknown' ? silent : { ...silent, status: 'unknown', sinceMs: nowMs };
}

/** The state without its rows: after a restart nobody knows what happened in between. Pure. */
export function uncounted(state: VerdictState): VerdictState {
  return { ...state, downInARow: 0, badInARow: 0, unknownInARow: 0, upInARow: 0, notDownInARow: 0 };
}

function confirmed(
  state: VerdictState,
  { failuresBeforeDown, successesBeforeUp }: VerdictSettings,
): VerdictStatus {
  if (state.downInARow >= failuresBeforeDown) return 'down';
  if (state.unknownInARow >= failuresBeforeDown) return 'unknown';
  if (state.raw === 'unknown') return state.status;
  const settled = settledStatus(state, { failuresBeforeDown, successesBeforeUp });
  return state.flapping && settled === 'up' ? 'degraded' : settled;
}

function settledStatus(
  state: VerdictState,
  { failuresBeforeDown, successesBeforeUp }: VerdictSettings,
): VerdictStatus {
  if (state.raw === 'up') {
    const isFirst = state.history.length === 1;
    const isEnough = isFirst || state.upInARow >= successesBeforeUp;
    // A check that flaps does not leave `down` by a few good results; it has to settle first.
    return isEnough && !(state.flapping && state.status === 'down') ? 'up' : state.status;
  }
  // Down and degraded in turn is not down often enough, but it is not well either.
  if (state.badInARow < failuresBeforeDown) return state.status;
  // A target that answers badly after it was down has not recovered before it answers often enough.
  const isStillDown = state.status === 'down' && (state.flapping || state.notDownInARow < successesBeforeUp);
  return isStillDown ? 'down' : 'degraded';
}
