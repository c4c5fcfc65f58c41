import { describe, expect, it } from 'vitest';
import { commandOutcomes } from '../../../fixtures/command-outcome.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';
import { checkRules } from './check-rules.js';
import { testRules } from './test-rules.js';

const folder = temporaryFolder();
const outcomeOf = commandOutcomes();

const RULES = `groups:
  - name: hosts
    rules:
      - { alert: Down, expr: up == 0, for: 5m }
      - { record: 'job:up:sum', expr: sum by (job) (up) }
`;
const FAULTY = RULES.replace('up == 0', 'up == = 0');
const unitTest = (alerts: string) => `rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [{ series: 'up{job="a"}', values: '0x10' }]
    alert_rule_test:
      - { eval_time: 6m, alertname: Down, exp_alerts: [${alerts}] }
`;

/** Begins when it is looked at, and not before. */
const checkingFiles = (files: readonly string[]) =>
  outcomeOf(Promise.resolve().then(() => checkRules(files)));
const checking = (files: Record<string, string>) =>
  checkingFiles(Object.entries(files).map(([name, text]) => folder.write(name, text)));
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('labkeeper rules check', () => {
  it('ends with 0 and the counts when every rule is right', async () => {
    expect(await checking({ 'a.yml': RULES, 'b.yml': RULES })).toEqual([0, '4 rules in 2 files, 0 faulty\n']);
  });

  it('ends with 1 and the place of every fault', async () => {
    const [code, text] = await checking({ 'a.yml': RULES, 'b.yml': FAULTY });
    expect([code, lastLine(text)]).toEqual([1, expect.stringMatching(/^4 rules in 2 files, 1 faulty$/)]);
    expect(text).toMatch(/b\.yml:4:\d+: hosts, Down: /);
  });

  it('ends with 2 for a file that cannot be read', async () => {
    const [code, text] = await checkingFiles([folder.write('a.yml', RULES), folder.path('none.yml')]);
    expect([code, text]).toEqual([2, expect.stringContaining('none.yml: ')]);
  });

  it('checks the other files when one cannot be read, and ends with 2 and the counts', async () => {
    const files = [folder.path('none.yml'), folder.write('b.yml', FAULTY), folder.write('a.yml', RULES)];
    const [code, text] = await checkingFiles(files);
    expect([code, lastLine(text)]).toEqual([2, '4 rules in 2 files, 1 faulty']);
    expect(text).toMatch(/b\.yml:4:\d+: hosts, Down: /);
    expect(text).toContain('none.yml: ');
  });
});

describe('labkeeper rules test', () => {
  const testing = (text: string, rules = RULES) => {
    folder.write('rules.yml', rules);
    return outcomeOf(testRules([folder.write('rules.test.yml', text)]));
  };

  it('ends with 0 when every expectation is met', async () => {
    expect(await testing(unitTest('{ exp_labels: { job: a } }'))).toEqual([
      0,
      '1 passed, 0 failed, 0 skipped\n',
    ]);
  });

  it('ends with 1 and what was found instead', async () => {
    const [code, text] = await testing(unitTest(''));
    expect([code, lastLine(text)]).toEqual([1, '0 passed, 1 failed, 0 skipped']);
    expect(text).toMatch(/rules\.test\.yml:\d+: /);
  });

  it('ends with 2 when the rules or the tests cannot be used', async () => {
    expect((await testing(unitTest(''), FAULTY))[0]).toBe(2);
    expect((await testing('tests: what\n'))[0]).toBe(2);
    const [code, text] = await outcomeOf(testRules([folder.path('none.yml')]));
    expect([code, text]).toEqual([2, expect.stringContaining('none.yml: ')]);
  });

  it('runs the other tests when a file cannot be read, and ends with 2 and the counts', async () => {
    folder.write('rules.yml', RULES);
    const tests = folder.write('rules.test.yml', unitTest(''));
    const [code, text] = await outcomeOf(testRules([folder.path('none.yml'), tests]));
    expect([code, lastLine(text)]).toEqual([2, '0 passed, 1 failed, 0 skipped']);
    expect(text).toMatch(/rules\.test\.yml:\d+: /);
  });
});
