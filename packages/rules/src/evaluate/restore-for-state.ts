import { isStalenessMark, type Labels } from '@labkeeper/core';
import type { AlertingRule } from '../files/rule.js';
import type { AlertInstance, RuleState } from './rule-state.js';

/** Prometheus' defaults of `--rules.alert.for-grace-period` and `--rules.alert.for-outage-tolerance`. */
const FOR_GRACE_PERIOD_MS = 10 * 60_000;
const OUTAGE_TOLERANCE_MS = 60 * 60_000;

export interface RestoreOptions {
  readonly nowMs: number;
  /** An alert that was nearly due waits at least so long, in case its target is only late after the restart. */
  readonly forGracePeriodMs?: number;
  /** What was written longer ago is not taken up. */
  readonly outageToleranceMs?: number;
}

/** Last sample of `ALERTS_FOR_STATE` with exactly these labels, as far as there is one. */
export type LastForState = (
  labels: Labels,
) => { readonly timeMs: number; readonly value: number } | undefined;

/**
 * Takes up the waiting times of before a restart: the time that a condition had held counts, the time without anybody looking does not.
 * Pure. Called once per rule after its first evaluation of a process that kept no state of its own.
 */
export function restoreForState(
  rule: AlertingRule,
  state: RuleState,
  last: LastForState,
  options: RestoreOptions,
): RuleState {
  const { forGracePeriodMs = FOR_GRACE_PERIOD_MS } = options;
  // Less than the grace period is not worth taking up: it would only make the alert wait longer.
  if (rule.forMs < forGracePeriodMs) return state;
  const alerts = [...state.alerts].map(
    ([key, alert]) => [key, restored(rule, alert, last, options)] as const,
  );
  return { ...state, alerts: new Map(alerts) };
}

function restored(
  rule: AlertingRule,
  alert: AlertInstance,
  last: LastForState,
  { nowMs, forGracePeriodMs = FOR_GRACE_PERIOD_MS, outageToleranceMs = OUTAGE_TOLERANCE_MS }: RestoreOptions,
): AlertInstance {
  const sample = last(alert.labels);
  if (!sample || isStalenessMark(sample.value) || sample.timeMs < nowMs - outageToleranceMs) return alert;
  const wasActiveAtMs = sample.value * 1000;
  const remainingMs = rule.forMs - (sample.timeMs - wasActiveAtMs);
  // It had fired before; with the old time it fires again at once.
  if (remainingMs <= 0) return { ...alert, activeAtMs: wasActiveAtMs };
  if (remainingMs < forGracePeriodMs) return { ...alert, activeAtMs: nowMs + forGracePeriodMs - rule.forMs };
  return { ...alert, activeAtMs: wasActiveAtMs + (nowMs - sample.timeMs) };
}
