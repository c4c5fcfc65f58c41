import type { TaskHandle } from '@labkeeper/core';
import { DEFAULT_INTERVAL_MS } from './default-interval.js';
import type { GroupEvaluator } from './group-evaluator.js';
import type { KeyedGroup } from './rule-groups.js';
import type { RuleRun } from './rule-run.js';
import type { RuleGroupStatus, RuleStatus } from './rules.js';

/** A group as people see it. */
export function groupStatus(
  { key, group }: KeyedGroup,
  evaluator: GroupEvaluator,
  task: TaskHandle,
): RuleGroupStatus {
  const { evaluatedAtMs, durationMs, evaluations, runs } = evaluator;
  return {
    ...{ key, name: group.name, file: group.file, limit: group.limit },
    intervalMs: group.intervalMs ?? DEFAULT_INTERVAL_MS,
    ...(evaluatedAtMs === undefined ? {} : { evaluatedAtMs }),
    ...{ durationMs, evaluations, missed: task.stats().missed },
    rules: runs.map(ruleStatus),
  };
}

function ruleStatus({ rule, failure, evaluatedAtMs, durationMs, alerts }: RuleRun): RuleStatus {
  return {
    rule,
    health: failure !== undefined ? 'failing' : evaluatedAtMs === undefined ? 'unknown' : 'ok',
    ...(failure === undefined ? {} : { failure }),
    ...(evaluatedAtMs === undefined ? {} : { evaluatedAtMs }),
    durationMs,
    alerts: alerts.filter(({ state }) => state !== 'inactive'),
  };
}
