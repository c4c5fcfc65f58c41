import type { Labels, Sample, Series } from '@labkeeper/core';

/** One alert of a rule, as of its last evaluation. Plain data, never changed: every evaluation makes new ones. */
export interface AlertInstance {
  /** Of the sample and of the rule, `alertname` included. They identify the alert. */
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Of the last sample. */
  readonly value: number;
  /** `inactive`: it has fired and is over; kept for a while so that everybody hears of it. */
  readonly state: 'pending' | 'firing' | 'inactive';
  /** When the condition began to hold. */
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  /** Since when it fires only because of `keep_firing_for`. */
  readonly keepFiringSinceMs?: number;
  readonly resolvedAtMs?: number;
}

/** What a rule remembers from one evaluation to the next. */
export interface RuleState {
  /** By {@link labelsKey} of their labels; empty for recording rules. */
  readonly alerts: ReadonlyMap<string, AlertInstance>;
  /** Series that the last evaluation wrote, by `seriesKey`: those that are gone get a staleness mark. */
  readonly written: ReadonlyMap<string, Series>;
}

/** Of a rule that has never been evaluated. */
export const NEW_RULE_STATE: RuleState = { alerts: new Map(), written: new Map() };

/** What one evaluation of a rule gives. */
export interface RuleOutcome {
  readonly state: RuleState;
  /** To be written, staleness marks included. `name` and `labels` are those of the series. */
  readonly samples: readonly Sample[];
  /** Alerts that are there now, those that are over included; empty for recording rules. */
  readonly alerts: readonly AlertInstance[];
  /** Why the evaluation counts for nothing, in Prometheus' words. */
  readonly failure?: string;
}

/** An evaluation that failed: what was written before stays to be marked by the next good one. */
export function failed(state: RuleState, failure: string): RuleOutcome {
  return { state, samples: [], alerts: [...state.alerts.values()], failure };
}
