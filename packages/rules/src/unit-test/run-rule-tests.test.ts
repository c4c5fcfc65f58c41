import { describe, expect, it } from 'vitest';
import { type RuleTestFiles, runRuleTests } from '../index.js';
import { meetsPattern } from './find-files.js';

const RULES = `
groups:
  - name: g
    rules:
      - alert: Down
        expr: up == 0
        for: 2m
        labels: { severity: page }
        annotations: { summary: '{{ $labels.job }} at {{ $externalLabels.site }}, see {{ externalURL }}' }
      - record: up:sum
        expr: sum(up)
`;

/** Files in memory, by their paths. */
function filesOf(texts: Readonly<Record<string, string>>): RuleTestFiles {
  return {
    readFile: async (path) => texts[path] ?? Promise.reject(new Error(`no such file: ${path}`)),
    readFolder: async (folder) =>
      Object.keys(texts).flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
      ),
  };
}

const run = (tests: string, rules = RULES) =>
  runRuleTests('dir/test.yml', filesOf({ 'dir/test.yml': tests, 'dir/rules.yml': rules }));

const DOWN = `rule_files: [rules.yml]
tests:
  - interval: 1m
    external_labels: { site: home }
    external_url: http://lab
    input_series:
      - series: up{job="nas"}
        values: 1 0x9
`;

describe('a file of unit tests', () => {
  it('passes when alerts and samples are as expected', async () => {
    const result = await run(`${DOWN}
    alert_rule_test:
      - { eval_time: 2m, alertname: Down, exp_alerts: [] }
      - eval_time: 3m30s
        alertname: Down
        exp_alerts:
          - exp_labels: { job: nas, severity: page }
            exp_annotations: { summary: 'nas at home, see http://lab' }
    promql_expr_test:
      - expr: up:sum
        eval_time: 1m
        exp_samples: [{ labels: 'up:sum', value: 0 }]
      - { expr: 'count(ALERTS{alertstate="firing"})', eval_time: 3m, exp_samples: [{ value: 1 }] }
`);
    expect(result).toMatchObject({ passed: 4, failed: [], skipped: [], faults: [], warnings: [] });
  });

  it('says where and what was expected when they are not', async () => {
    const result = await run(`${DOWN}
    name: outage
    alert_rule_test:
      - { eval_time: 5m, alertname: Down, exp_alerts: [] }
    promql_expr_test:
      - { expr: up, eval_time: 0, exp_samples: [{ labels: 'up{job="nas"}', value: 3 }] }
      - { expr: 'up +', eval_time: 0 }
`);
    expect(result.passed).toBe(0);
    expect(result.failed.map(({ test, line }) => [test, line])).toEqual([
      ['outage', 12],
      ['outage', 14],
      ['outage', 15],
    ]);
    const [alert, samples, broken] = result.failed.map(({ message }) => message);
    expect(alert).toMatch(
      /^alertname: Down, time: 5m\n {4}expected: no alert\n {4}got: \n {6}Labels: \{alertname="Down", job="nas", severity="page"\}/,
    );
    expect(samples).toBe(
      'expr: "up", time: 0s\n    expected: {__name__="up", job="nas"} 3\n    got: {__name__="up", job="nas"} 1',
    );
    expect(broken).toContain('err: 1:5: parse error: unexpected end of input');
  });

  it('ends a test at the first rule that cannot be evaluated', async () => {
    const rules = 'groups: [{ name: g, rules: [{ record: a, expr: up * on() up2 }] }]';
    const result = await run(
      `rule_files: [rules.yml]\ntests:\n- input_series: [{ series: 'up{a="1"}', values: 1 }, { series: 'up2{a="1"}', values: 1 }, { series: 'up2{a="2"}', values: 1 }]\n  promql_expr_test: [{ expr: up, eval_time: 5m }]`,
      rules,
    );
    expect(result.failed).toHaveLength(1);
    expect(result.failed[0]?.message).toContain(
      'rule: a, time: 0s, err: found duplicate series for the match group {}',
    );
  });

  it('lets values differ in the last bit only when asked to', async () => {
    const tests = (fuzzy: boolean) =>
      `fuzzy_compare: ${fuzzy}\ntests: [{ promql_expr_test: [{ expr: 0.1 + 0.2, exp_samples: [{ value: 0.3 }] }] }]`;
    expect((await run(tests(true))).passed).toBe(1);
    expect((await run(tests(false))).failed).toHaveLength(1);
  });

  it('may begin at another time', async () => {
    const tests = `tests: [{ start_timestamp: 2024-01-01T00:00:00Z, input_series: [{ series: a, values: 7 }], promql_expr_test: [{ expr: a + 0 * time(), exp_samples: [{ value: 7 }] }, { expr: year(), eval_time: 1m, exp_samples: [{ value: 2024 }] }] }]`;
    expect(await run(tests)).toMatchObject({ passed: 2, failed: [] });
  });

  it('evaluates groups in the order that is given', async () => {
    const rules =
      'groups: [{ name: a, rules: [{ record: x, expr: y }] }, { name: b, rules: [{ record: y, expr: 5 }] }]';
    const tests = (order: string) =>
      `rule_files: [rules.yml]\ngroup_eval_order: ${order}\ntests: [{ promql_expr_test: [{ expr: x, exp_samples: [{ labels: x, value: 5 }] }] }]`;
    expect((await run(tests('[b, a]'), rules)).passed).toBe(1);
    expect((await run(tests('[a, b]'), rules)).passed).toBe(0);
  });

  it('skips what asks for native histograms, and says so', async () => {
    const tests = `tests: [{ input_series: [{ series: h, values: '{{count:1 sum:2 buckets:[1]}}' }], promql_expr_test: [{ expr: h, exp_samples: [{ labels: h, histogram: '{{count:1}}' }] }] }]`;
    expect((await run(tests)).skipped).toEqual([
      { test: 'test 1', line: 1, message: 'native histograms are not supported' },
    ]);
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['test: []', 1, "unknown key 'test' in a file of tests; did you mean 'tests'?"],
    ['tests:\n- input_series:\n  - series: "up{"\n    values: 1', 3, 'parse error'],
    ['tests:\n- input_series:\n  - series: up\n    values: 1 x', 4, 'unexpected "x" in series values'],
    ['tests:\n- alert_rule_test:\n  - eval_time: 1m', 3, 'misses required attribute alertname'],
    ['tests:\n- interval: 45', 2, 'not a valid duration string: "45"'],
    ['group_eval_order: [a, a]', 1, 'group name repeated in evaluation order: a'],
    [
      'tests:\n- promql_expr_test:\n  - expr: a\n    exp_samples: [{ value: many }]',
      4,
      "'value' must be a number, not 'many'",
    ],
    ['tests: [{ start_timestamp: soon }]', 1, "'soon' is neither seconds nor a time"],
  ])('%j has a fault with its line', async (tests, line, message) => {
    const { faults, passed } = await run(tests);
    expect(passed).toBe(0);
    expect(faults[0]).toMatchObject({ file: 'dir/test.yml', line });
    expect(faults[0]?.message).toContain(message);
  });

  it('is also one whose rules are broken: the fault names the rule file', async () => {
    const { faults } = await run(
      'rule_files: [rules.yml]\ntests: []',
      'groups: [{ name: g, rules: [{ record: a, expr: b + }] }]',
    );
    expect(faults).toMatchObject([{ file: 'dir/rules.yml', code: 'RULES_EXPRESSION' }]);
  });
});

describe('rule files', () => {
  it('are found by patterns, in the order of their names', async () => {
    const record = (name: string) => `groups: [{ name: ${name}, rules: [{ record: ${name}, expr: 1 }] }]`;
    const texts = {
      'dir/test.yml': `rule_files: ['sub*/[ab]?.yml', none*.yml, gone.yml]\ntests: [{ promql_expr_test: [{ expr: a1 + b2, exp_samples: [{ value: 2 }] }, { expr: c3 }] }]`,
      'dir/sub1/a1.yml': record('a1'),
      'dir/sub1/c3.yml': record('c3'),
      'dir/sub1/b2.yml': record('b2'),
    };
    const files = filesOf(texts);
    const readFolder = async (folder: string) =>
      folder === 'dir' ? ['sub1', 'test.yml'] : files.readFolder(folder);
    const result = await runRuleTests('dir/test.yml', { ...files, readFolder });
    expect(result).toMatchObject({ passed: 2, failed: [], faults: [] });
    expect(result.warnings.map(({ message }) => message)).toEqual([
      "no file matches 'none*.yml'",
      "'dir/gone.yml' cannot be read: no such file: dir/gone.yml",
    ]);
  });

  it.each([
    ['a.yml', '*.yml', true],
    ['a.yaml', '*.yml', false],
    ['rules-12.yml', 'r*-[0-9][0-9].y?l', true],
    ['ab', '[^b]b', true],
    ['bb', '[^b]b', false],
    ['a]', 'a[', false],
    ['abcabd', '*abd', true],
  ])('%s meets %s: %s', (name, pattern, expected) => {
    expect(meetsPattern(name, pattern)).toBe(expected);
  });
});
