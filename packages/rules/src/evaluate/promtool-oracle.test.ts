import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  type AlertInstance,
  type AlertingRule,
  evaluateAlertingRuleNow,
  NEW_RULE_STATE,
  type RuleState,
  readRuleFile,
} from '../index.js';

const PROMTOOL: string = process.env.PROMTOOL ?? 'promtool';
const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;
const MINUTE_MS = 60_000;
const MINUTES = 30;
const INSTANCES = ['a', 'b', 'c'];

/** For each instance and minute, whether the condition holds. */
type History = readonly (readonly boolean[])[];

const histories = fc.array(
  fc.tuple(
    fc.array(fc.array(fc.boolean(), { minLength: MINUTES, maxLength: MINUTES }), {
      minLength: 3,
      maxLength: 3,
    }),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
  ),
  { minLength: 12, maxLength: 12 },
);

const ruleText = (name: string, wait: number, keep: number) => ({
  ...{ alert: name, expr: `${name} == 1`, for: `${wait}m`, keep_firing_for: `${keep}m` },
  annotations: { text: '{{ $labels.instance }} {{ $value }}' },
});

function alertsByMinute(rule: AlertingRule, history: History): AlertInstance[][] {
  let state: RuleState = NEW_RULE_STATE;
  return Array.from({ length: MINUTES }, (_, minute) => {
    const holding = INSTANCES.filter((_instance, index) => history[index]?.[minute]);
    const vector = holding.map((instance) => ({ labels: { instance }, timeMs: 0, value: 1 }));
    const outcome = evaluateAlertingRuleNow(rule, state, vector, { nowMs: minute * MINUTE_MS });
    state = outcome.state;
    return outcome.alerts.filter((alert) => alert.state !== 'inactive');
  });
}

/** One test of promtool: at every minute exactly these alerts, with their states and since when they are active. */
function testOf(name: string, history: History, minutes: readonly AlertInstance[][]) {
  const series = INSTANCES.map((instance, index) => ({
    series: `${name}{instance="${instance}"}`,
    values: (history[index] ?? []).map(Number).join(' '),
  }));
  const samples = (minute: number, alerts: readonly AlertInstance[]) => [
    {
      expr: 'ALERTS',
      eval_time: `${minute}m`,
      exp_samples: alerts.map(({ labels, state }) => ({
        labels: `ALERTS{alertname="${name}",alertstate="${state}",instance="${labels.instance}"}`,
        value: 1,
      })),
    },
    {
      expr: 'ALERTS_FOR_STATE',
      eval_time: `${minute}m`,
      exp_samples: alerts.map(({ labels, activeAtMs }) => ({
        labels: `ALERTS_FOR_STATE{alertname="${name}",instance="${labels.instance}"}`,
        value: activeAtMs / 1000,
      })),
    },
  ];
  const firing = (minute: number, alerts: readonly AlertInstance[]) => {
    const shown = alerts
      .filter(({ state }) => state === 'firing')
      .map(({ labels, annotations }) => ({
        exp_labels: { instance: labels.instance },
        exp_annotations: annotations,
      }));
    return { eval_time: `${minute}m`, alertname: name, exp_alerts: shown };
  };
  return {
    interval: '1m',
    input_series: series,
    promql_expr_test: minutes.flatMap((alerts, minute) => samples(minute, alerts)),
    alert_rule_test: minutes.map((alerts, minute) => firing(minute, alerts)),
  };
}

/** What promtool says of rules and tests; empty when all is as expected. */
function promtoolReport(rules: object, tests: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-alerts-'));
  try {
    writeFileSync(join(folder, 'rules.yml'), stringify(rules));
    writeFileSync(join(folder, 'tests.yml'), stringify(tests));
    const { status, stderr } = spawnSync(PROMTOOL, ['test', 'rules', join(folder, 'tests.yml')], {
      encoding: 'utf8',
    });
    return status === 0 ? '' : String(stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!hasPromtool)('alerts beside promtool (skipped where promtool is not installed)', () => {
  it('come, fire and go at the same minutes, with the same words', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const cases = fc.sample(histories, { numRuns: 1, seed })[0] ?? [];
    const groups = [
      { name: 'g', rules: cases.map(([, wait, keep], index) => ruleText(`m${index}`, wait, keep)) },
    ];
    const reading = readRuleFile(stringify({ groups }), 'rules.yml');
    expect(reading.faults).toEqual([]);
    const tests = cases.map(([history], index) => {
      const rule = reading.groups[0]?.rules[index] as AlertingRule;
      return testOf(rule.name, history, alertsByMinute(rule, history));
    });
    expect(promtoolReport({ groups }, { rule_files: ['rules.yml'], tests }), `with the seed ${seed}`).toBe(
      '',
    );
    // A dozen rules over half an hour, and another program: more than the usual five seconds on a busy machine.
  }, 60_000);
});
