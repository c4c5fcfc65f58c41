import type { Alert } from '@labkeeper/core';
import type { AlertChangePlan } from '../alert-change.js';
import { type KeptAlert, withoutKeys } from '../kept-alert.js';
import { aboutAlert } from '../trail.js';
import type { Decision } from './decision.js';

/** The decision that something holds an alert back. */
type Hold = Extract<Decision, { kind: 'not' }>;

/** Whether an alert is held back by that already. It does not matter which of the things that it needs is down. */
export function isHeldBy({ alert }: KeptAlert, { suppression }: Hold): boolean {
  if (alert.suppression?.kind !== suppression.kind) return false;
  return suppression.kind === 'dependency' || alert.suppression.by === suppression.by;
}

/** From now on that is the reason why nobody is told. What a group was about to tell waits too. Pure. */
export function heldBack(kept: KeptAlert, { suppression, because }: Hold, nowMs: number): AlertChangePlan {
  const alert: Alert = { ...kept.alert, suppression: { ...suppression, sinceMs: nowMs } };
  const waiting = Object.keys(kept.due).filter((channel) => kept.due[channel]?.tell === 'firing');
  // Somebody who knows of it was about to be told again: that it got worse must not be lost.
  const news = waiting.some((channel) => kept.told.includes(channel)) ? 'worse' : 'new';
  const owed = kept.owed === 'nothing' && waiting.length > 0 ? news : kept.owed;
  const due = withoutKeys(kept.due, waiting);
  return {
    kept: { ...kept, alert, owed, due, openSinceMs: undefined, isQuiet: false },
    from: 'firing',
    reason: because,
    journal: [{ ...aboutAlert(alert), kind: 'alert.suppressed', reason: because }],
  };
}

/** Nothing holds it back any longer. Whether anybody is to be told of that is decided by the caller. Pure. */
export function released(kept: KeptAlert, nowMs: number): AlertChangePlan {
  const { suppression: _, ...alert } = kept.alert;
  const reason = endOfSuppression(kept.alert);
  return {
    kept: { ...kept, alert, openSinceMs: alert.acknowledgement ? undefined : nowMs },
    from: 'firing',
    reason,
    journal: [{ ...aboutAlert(alert), kind: 'alert.unsuppressed', reason }],
  };
}

function endOfSuppression({ suppression }: Alert): string {
  switch (suppression?.kind) {
    case 'dependency':
      return `${suppression.by} is no longer down, and this still is`;
    case 'silence':
      return 'the silence has ended, and this still fires';
    case 'maintenance':
      return `the maintenance '${suppression.by}' is over, and this still fires`;
    case 'inhibition':
      return 'the alert that explained it is over, and this still fires';
    default:
      return 'it has settled, and still fires';
  }
}
