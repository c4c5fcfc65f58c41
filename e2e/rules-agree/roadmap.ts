import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { RoadmapCase } from './roadmap-cases.js';
import { SHARED } from './shared-rules.js';

const ROADMAP = join(SHARED, 'seeds', '004-jarvis-self-sufficiency-roadmap.md');

interface RawRule {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A rule file of the block of section 7, letter for letter; undefined where there is no roadmap. */
export function roadmapRules(): string | undefined {
  if (!existsSync(ROADMAP)) return undefined;
  const section = readFileSync(ROADMAP, 'utf8')
    .split(/^## /m)
    .find((text) => text.startsWith('7. '));
  const block = /^```yaml\n(.*?)^```/ms.exec(section ?? '')?.[1];
  if (block === undefined) throw new Error(`section 7 of ${ROADMAP} has no block of YAML`);
  return `groups:\n${block}`;
}

/** The alerts of a rule file, in its order. */
export function alertsIn(rules: string): readonly RawRule[] {
  const { groups } = parse(rules) as { groups: readonly { rules: readonly RawRule[] }[] };
  return groups.flatMap((group) => group.rules);
}

/** Unit tests in promtool's form: for each case one test in which it fires, with its words, and one in which it does not. */
export function unitTests(rules: string, ruleFile: string, cases: readonly RoadmapCase[]): string {
  const alerts = alertsIn(rules);
  const tests = cases.flatMap((each) => {
    const rule = alerts.find(({ alert }) => alert === each.alert);
    if (!rule) throw new Error(`the roadmap has no rule ${each.alert}`);
    return [testOf(each, rule, true), testOf(each, rule, false)];
  });
  return stringify({ rule_files: [ruleFile], evaluation_interval: '30s', tests }, { lineWidth: 0 });
}

function testOf(each: RoadmapCase, rule: RawRule, isFiring: boolean) {
  const { alert, fires, quiet, hasForeignTemplate } = each;
  return {
    name: `${alert} ${isFiring ? 'fires' : 'is quiet'}`,
    interval: '1m',
    input_series: Object.entries(isFiring ? fires : quiet).map(([series, values]) => ({ series, values })),
    ...(hasForeignTemplate ? stateTest(each, rule, isFiring) : wordsTest(each, rule, isFiring)),
  };
}

function wordsTest(each: RoadmapCase, { labels, annotations = {} }: RawRule, isFiring: boolean) {
  const expected = {
    exp_labels: { ...each.labels, ...labels },
    exp_annotations: expanded(annotations, each),
  };
  return {
    alert_rule_test: [{ eval_time: each.at, alertname: each.alert, exp_alerts: isFiring ? [expected] : [] }],
  };
}

function stateTest({ alert, at, labels }: RoadmapCase, rule: RawRule, isFiring: boolean) {
  const pairs = Object.entries({ alertname: alert, alertstate: 'firing', ...labels, ...rule.labels });
  const series = `ALERTS{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
  const expected = [{ labels: series, value: 1 }];
  return {
    promql_expr_test: [
      { expr: `ALERTS{alertname="${alert}"}`, eval_time: at, exp_samples: isFiring ? expected : [] },
    ],
  };
}

/** The few templates that these rules have, put in by hand: what is expected is not made by what is tested. */
function expanded(annotations: Readonly<Record<string, string>>, { labels, value = '' }: RoadmapCase) {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      text
        .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')
        .replaceAll(/\{\{ \$value(?: \| humanize)? \}\}/g, value),
    ]),
  );
}
