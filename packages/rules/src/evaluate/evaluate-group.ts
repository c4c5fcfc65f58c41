import type { InstantValue, Sample } from '@labkeeper/core';
import type { Rule, RuleGroup } from '../files/rule.js';
import { evaluateAlertingRule } from './alerting-rule.js';
import { dependencies } from './dependencies.js';
import type { AlertSurroundings } from './expand-alerts.js';
import { recordSeries } from './record-series.js';
import { failed, NEW_RULE_STATE, type RuleOutcome, type RuleState } from './rule-state.js';

/** What an evaluation reaches outside of the rules. */
export interface GroupSurroundings extends AlertSurroundings {
  readonly nowMs: number;
  /** For groups that name none. */
  readonly defaultQueryOffsetMs?: number;
  /** The result of a rule's expression at that time; see `ruleVector`. What it rejects with is the rule's failure. */
  readonly ask: (rule: Rule, atMs: number) => Promise<readonly InstantValue[]>;
  /** Keeps the samples of one rule; later rules read them. What it rejects with is the rule's failure. */
  readonly write: (samples: readonly Sample[], rule: Rule) => Promise<void>;
}

/**
 * Evaluates the rules of a group once. Those that have nothing to do with each other run at the same time; of two where one reads what
 * the other writes, the one that stands first in the file runs first. `states` are those of the last time, in the order of the rules;
 * missing ones are new. Never rejects: failures are outcomes. Called once per group and interval.
 */
export async function evaluateGroup(
  group: RuleGroup,
  states: readonly (RuleState | undefined)[],
  surroundings: GroupSurroundings,
): Promise<readonly RuleOutcome[]> {
  const needs = dependencies(group);
  const running: Promise<RuleOutcome>[] = [];
  for (const [index, rule] of group.rules.entries()) {
    const before = running.filter((_, earlier) => needs[index]?.has(earlier) || needs[earlier]?.has(index));
    const evaluate = () => evaluateRule(rule, states[index] ?? NEW_RULE_STATE, group, surroundings);
    running.push(Promise.all(before).then(evaluate));
  }
  return Promise.all(running);
}

async function evaluateRule(
  rule: Rule,
  state: RuleState,
  { limit, queryOffsetMs }: RuleGroup,
  surroundings: GroupSurroundings,
): Promise<RuleOutcome> {
  const { nowMs, defaultQueryOffsetMs = 0, ask, write } = surroundings;
  const sampleMs = nowMs - (queryOffsetMs ?? defaultQueryOffsetMs);
  try {
    const vector = await ask(rule, sampleMs);
    const outcome =
      rule.kind === 'recording'
        ? recordSeries(rule, state, vector, { sampleMs, limit })
        : await evaluateAlertingRule(rule, state, vector, { ...surroundings, sampleMs, limit });
    if (outcome.samples.length > 0) await write(outcome.samples, rule);
    return outcome;
  } catch (error) {
    return failed(state, error instanceof Error ? error.message : String(error));
  }
}
