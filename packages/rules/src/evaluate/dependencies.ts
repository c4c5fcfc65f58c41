import { compileMatchers, type Matcher, METRIC_NAME_LABEL, type Series } from '@labkeeper/core';
import type { Expression } from '@labkeeper/promql';
import type { Rule, RuleGroup } from '../files/rule.js';
import { ALERTS, ALERTS_FOR_STATE } from './alerting-rule.js';

/**
 * For each rule of the group, the indexes of the rules whose series it reads. A selector without a name reads everything. Labels but
 * `alertname` are not looked at, so a rule may be said to need more than it does, never less. Rules that need nothing of each other may
 * be evaluated at the same time. Queries of templates are not seen. Called at every evaluation; worked out once per group.
 */
export function dependencies(group: Pick<RuleGroup, 'rules'>): readonly ReadonlySet<number>[] {
  const known = workedOut.get(group.rules);
  if (known) return known;
  const outputs = group.rules.map(outputSeries);
  const needs = group.rules.map(({ expression }) => {
    const readers = selectorsOf(expression).map((matchers) => compileMatchers(matchers.filter(isDeciding)));
    const isRead = (series: Series) => readers.some((reads) => reads(series));
    return new Set(outputs.flatMap((series, index) => (series.some(isRead) ? [index] : [])));
  });
  workedOut.set(group.rules, needs);
  return needs;
}

/** Rules never change, so neither does what they need. */
const workedOut = new WeakMap<readonly Rule[], readonly ReadonlySet<number>[]>();

/** As far as it is known before the evaluation. */
function outputSeries(rule: Rule): Series[] {
  if (rule.kind === 'recording') return [{ name: rule.name, labels: {} }];
  const labels = { alertname: rule.name };
  return [ALERTS, ALERTS_FOR_STATE].map((name) => ({ name, labels }));
}

const ALERT_SERIES = new Set([ALERTS, ALERTS_FOR_STATE]);

function isDeciding({ label }: Matcher, _: number, all: readonly Matcher[]): boolean {
  if (label === METRIC_NAME_LABEL) return true;
  const readsAlerts = all.some((matcher) => matcher.operator === '=' && ALERT_SERIES.has(matcher.value));
  return label === 'alertname' && readsAlerts;
}

/** The matchers of every selector in an expression. */
function selectorsOf(expression: Expression): (readonly Matcher[])[] {
  switch (expression.kind) {
    case 'selector':
      return [expression.matchers];
    case 'matrix':
      return [expression.selector.matchers];
    case 'call':
      return expression.arguments.flatMap(selectorsOf);
    case 'aggregation':
      return [expression.expression, ...(expression.parameter ? [expression.parameter] : [])].flatMap(
        selectorsOf,
      );
    case 'binary':
      return [expression.left, expression.right].flatMap(selectorsOf);
    case 'subquery':
    case 'unary':
    case 'parenthesis':
      return selectorsOf(expression.expression);
    default:
      return [];
  }
}
