import { describe, expect, it } from 'vitest';
import { commandOutcomes } from '../../fixtures/command-outcome.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { check } from './check.js';

const folder = temporaryFolder();
const outcomeOf = commandOutcomes();

const RULES = 'groups:\n  - name: a\n    rules: [{ alert: Down, expr: up == 0 }, { record: b, expr: up }]\n';

describe('labkeeper check', () => {
  it('counts what a right file has, rules of files and of plugins too', async () => {
    folder.write('rules.yml', RULES);
    const file = folder.write('labkeeper.yaml', 'collect: []\nrules: [./rules.yml]\n');
    expect(await outcomeOf(check(file))).toEqual([
      0,
      `${file}: right. 0 collectors, 0 checks, 0 channels, 0 entities, 2 rules.\n`,
    ]);
    const [code, text] = await outcomeOf(check(folder.write('labkeeper.yaml', 'rules: [defaults]\n')));
    expect([code, text]).toEqual([0, expect.stringMatching(/ [5-9] rules\.\n$/)]);
  });

  it('names a fault of a rule file at its place there, and ends with 1', async () => {
    folder.write('rules.yml', RULES.replace('== 0', '== ='));
    const [code, text] = await outcomeOf(check(folder.write('labkeeper.yaml', 'rules: [./rules.yml]\n')));
    expect([code, text]).toEqual([1, expect.stringMatching(/^rules\.yml:3:\d+ .*CONFIG_RULE/)]);
  });
});
