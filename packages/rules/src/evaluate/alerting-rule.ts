import type { InstantValue, Sample } from '@labkeeper/core';
import type { AlertingRule } from '../files/rule.js';
import {
  type AlertSurroundings,
  type ExpandedAlert,
  expandAlerts,
  expandAlertsNow,
} from './expand-alerts.js';
import {
  type AlertInstance,
  failed,
  NEW_RULE_STATE,
  type RuleOutcome,
  type RuleState,
} from './rule-state.js';
import { seriesOf, stalenessMarks } from './stale-series.js';

/** The series of alerts that Prometheus writes. https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export const ALERTS = 'ALERTS';
export const ALERTS_FOR_STATE = 'ALERTS_FOR_STATE';

/** So long an alert that is over is kept, so that it is told as resolved several times. As in Prometheus. */
const RESOLVED_RETENTION_MS = 15 * 60_000;

export interface AlertingContext extends AlertSurroundings {
  /** Time of the evaluation, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Time of the samples: that of the evaluation less the query offset. Default `nowMs`. */
  readonly sampleMs?: number;
  /** Alerts that the rule may have; 0 is no limit. */
  readonly limit?: number;
}

/**
 * Prometheus' state machine of alerts: `vector` is the result of the expression, every sample of it an alert. Pure but for the queries
 * of templates. Called once per rule and evaluation.
 */
export async function evaluateAlertingRule(
  rule: AlertingRule,
  state: RuleState,
  vector: readonly InstantValue[],
  context: AlertingContext,
): Promise<RuleOutcome> {
  return step(
    rule,
    state,
    await expandAlerts(rule, vector, { ...context, atMs: timeOfSamples(context) }),
    context,
  );
}

/** The same without a turn of the event loop; queries of templates must answer at once. */
export function evaluateAlertingRuleNow(
  rule: AlertingRule,
  state: RuleState,
  vector: readonly InstantValue[],
  context: AlertingContext,
): RuleOutcome {
  // Most rules are quiet most of the time.
  if (vector.length === 0 && state.alerts.size === 0 && state.written.size === 0)
    return { state, samples: [], alerts: [] };
  return step(
    rule,
    state,
    expandAlertsNow(rule, vector, { ...context, atMs: timeOfSamples(context) }),
    context,
  );
}

const timeOfSamples = ({ nowMs, sampleMs = nowMs }: AlertingContext): number => sampleMs;

function step(
  rule: AlertingRule,
  state: RuleState,
  expanded: readonly ExpandedAlert[],
  context: AlertingContext,
): RuleOutcome {
  const { nowMs, limit = 0 } = context;
  const found = new Map(expanded.map((alert) => [alert.key, alert]));
  if (found.size < expanded.length)
    return failed(state, 'vector contains metrics with the same labelset after applying alert labels');
  const alerts = nextAlerts(rule, state, found, nowMs);
  const active = [...alerts.values()].filter((alert) => alert.state !== 'inactive');
  if (limit > 0 && active.length > limit)
    // As in Prometheus: with too many of them none is left.
    return failed(
      { ...NEW_RULE_STATE, written: state.written },
      `exceeded limit of ${limit} with ${active.length} alerts`,
    );
  const samples = active.flatMap((alert) => alertSamples(alert, timeOfSamples(context)));
  const written = seriesOf(samples);
  samples.push(...stalenessMarks(state.written, written, timeOfSamples(context)));
  return { state: { alerts, written }, samples, alerts: [...alerts.values()] };
}

function nextAlerts(
  rule: AlertingRule,
  state: RuleState,
  found: ReadonlyMap<string, ExpandedAlert>,
  nowMs: number,
): Map<string, AlertInstance> {
  const alerts = new Map<string, AlertInstance>();
  for (const [key, alert] of state.alerts) {
    if (found.has(key)) continue;
    const ended = withoutSample(rule, alert, nowMs);
    if (ended) alerts.set(key, ended);
  }
  for (const [key, sample] of found) alerts.set(key, withSample(rule, state.alerts.get(key), sample, nowMs));
  return alerts;
}

/** The condition holds. */
function withSample(
  rule: AlertingRule,
  known: AlertInstance | undefined,
  { labels, annotations, value }: ExpandedAlert,
  nowMs: number,
): AlertInstance {
  const isGoingOn = known !== undefined && known.state !== 'inactive';
  const activeAtMs = isGoingOn ? known.activeAtMs : nowMs;
  const base = { labels, annotations, value, activeAtMs };
  if (isGoingOn && known.state === 'firing')
    return { ...base, state: 'firing', firedAtMs: known.firedAtMs ?? nowMs };
  return nowMs - activeAtMs >= rule.forMs
    ? { ...base, state: 'firing', firedAtMs: nowMs }
    : { ...base, state: 'pending' };
}

/** The condition does not hold any more. Undefined: nothing is left of the alert. */
function withoutSample(rule: AlertingRule, alert: AlertInstance, nowMs: number): AlertInstance | undefined {
  if (alert.state === 'pending') return undefined;
  if (alert.state === 'inactive')
    return nowMs - (alert.resolvedAtMs ?? nowMs) > RESOLVED_RETENTION_MS ? undefined : alert;
  const { keepFiringSinceMs = nowMs, ...rest } = alert;
  if (nowMs - keepFiringSinceMs < rule.keepFiringForMs) return { ...alert, keepFiringSinceMs };
  return { ...rest, state: 'inactive', resolvedAtMs: nowMs };
}

function alertSamples({ labels, state, activeAtMs }: AlertInstance, timeMs: number): Sample[] {
  return [
    { name: ALERTS, labels: { ...labels, alertstate: state }, timeMs, value: 1 },
    { name: ALERTS_FOR_STATE, labels, timeMs, value: Math.floor(activeAtMs / 1000) },
  ];
}
