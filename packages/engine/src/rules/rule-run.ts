import { labelsKey } from '@labkeeper/core';
import {
  type AlertInstance,
  NEW_RULE_STATE,
  type Rule,
  type RuleGroup,
  type RuleOutcome,
  type RuleState,
} from '@labkeeper/rules';
import type { EmptinessTest } from './empty-result.js';
import type { LiveSelector } from './recent/live-selector.js';
import { type RuleReads, readsOf } from './rule-reads.js';

/** One rule with what its evaluations have left. */
export class RuleRun {
  readonly reads: RuleReads;
  state: RuleState = NEW_RULE_STATE;
  /** Alerts of the last good evaluation, those that are over included. */
  alerts: readonly AlertInstance[] = [];
  /** Why the last evaluation failed. */
  failure: string | undefined;
  evaluatedAtMs: number | undefined;
  durationMs = 0;
  /** What it reads, of what is kept in memory. */
  selectors: readonly LiveSelector[] = [];
  /** See {@link emptinessTest}; set when the selectors are known. */
  isSurelyEmpty: EmptinessTest | undefined;

  constructor(
    readonly rule: Rule,
    group: RuleGroup,
  ) {
    this.reads = readsOf(rule, group);
  }

  /** What makes it the same rule after its file was changed: its name and labels, as in Prometheus. */
  get key(): string {
    return `${this.rule.kind} ${this.rule.name} ${labelsKey(this.rule.labels)}`;
  }

  /** Goes on where the same rule of the plan before stopped. */
  takeOver({ state, alerts, evaluatedAtMs, failure }: RuleRun): void {
    Object.assign(this, { state, alerts, evaluatedAtMs, failure });
  }

  /** Keeps an outcome; true when an alert of it has come, gone, or changed its state. */
  keep(outcome: RuleOutcome, atMs: number, durationMs: number): boolean {
    const hasChanged =
      outcome.alerts.length > 0 || this.alerts.length > 0
        ? signature(outcome.alerts) !== signature(this.alerts)
        : false;
    this.state = outcome.state;
    this.alerts = outcome.alerts;
    this.failure = outcome.failure;
    this.evaluatedAtMs = atMs;
    this.durationMs = durationMs;
    return hasChanged;
  }
}

function signature(alerts: readonly AlertInstance[]): string {
  return alerts.map(({ labels, state }) => `${labelsKey(labels)} ${state}`).join('\n');
}
