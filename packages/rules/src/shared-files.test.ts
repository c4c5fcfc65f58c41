import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRuleFiles, type RuleTestResult, readRuleFile, runRuleTests } from './index.js';

/** Rule files of other projects, beside the checkout; they are not part of this one. */
const shared = process.env.LABKEEPER_SHARED ?? join(import.meta.dirname, '../../../../shared');
const rules = join(shared, 'rules');
const promtool = join(shared, 'promtool');
const PROMTOOL: string = process.env.PROMTOOL ?? 'promtool';
const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;

function read(path: string): string {
  const text: string = readFileSync(path, 'utf8');
  return text;
}

function namesIn(folder: string): string[] {
  const names: string[] = readdirSync(folder);
  return names;
}

function nameOf(file: string): string {
  const name: string = basename(file);
  return name;
}

function yamlFiles(folder: string): string[] {
  const files: string[] = [];
  if (!existsSync(folder)) return files;
  for (const name of namesIn(folder)) if (/\.ya?ml$/.test(name)) files.push(join(folder, name));
  return files;
}

function exitCodeOf(args: readonly string[], cwd?: string): number | null {
  const code: number | null = spawnSync(PROMTOOL, [...args], { cwd }).status;
  return code;
}

const filesIn = (folder: string) => yamlFiles(folder).map((file) => ({ file, text: read(file) }));

/** promtool 2.42 knows only the classic alphabet; Prometheus 3 takes these names. */
const UTF8_NAMES = ['utf-8_lname.good.yaml'];
/** Minutes of work on a small machine that is busy otherwise. */
const TIMEOUT_MS = 120_000;

describe.skipIf(!existsSync(rules))(`rule files of others (skipped without ${rules})`, () => {
  it(
    'public ones load, every rule of them',
    () => {
      expect(checkRuleFiles(filesIn(join(rules, 'public')))).toMatchObject({
        rules: 597,
        files: 75,
        faulty: 0,
        faults: [],
      });
    },
    TIMEOUT_MS,
  );

  it('of Prometheus itself are refused exactly where they are bad', () => {
    const lines = filesIn(join(rules, 'rulefmt')).map(({ file, text }): [string, number[]] => [
      nameOf(file),
      readRuleFile(text, file).faults.map(({ line }) => line),
    ]);
    expect(Object.fromEntries(lines)).toEqual({
      'bad_expr.bad.yaml': [5],
      'bad_field.bad.yaml': [8],
      'invalid_label_name.bad.yaml': [7],
      'invalid_record_name.bad.yaml': [4],
      'legacy_validation_annotation.good.yaml': [],
      'no_rec_alert.bad.yaml': [4],
      'record_and_alert.bad.yaml': [4],
      'record_and_for.bad.yaml': [6],
      'test.yaml': [],
      'test_aliases.yaml': [],
      'utf-8_lname.good.yaml': [],
    });
  });

  it.skipIf(!hasPromtool)(
    'are judged as promtool judges them (skipped without promtool)',
    () => {
      const files = [
        ...yamlFiles(join(rules, 'rulefmt')),
        ...yamlFiles(join(rules, 'public')),
        ...yamlFiles(promtool),
      ];
      const differing = files.filter((file) => {
        const refuses = exitCodeOf(['check', 'rules', '--lint=none', file]) !== 0;
        return refuses !== readRuleFile(read(file), file).faults.length > 0;
      });
      expect(differing.map(nameOf)).toEqual(UTF8_NAMES);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(!existsSync(promtool))(`unit tests of others (skipped without ${promtool})`, () => {
  const run = (name: string): Promise<RuleTestResult> =>
    runRuleTests(join(promtool, name), {
      readFile: async (path) => read(path),
      readFolder: async (path) => namesIn(path),
    });

  it(
    'pass, but for native histograms',
    async () => {
      const result = await run('unittest.yml');
      expect(result).toMatchObject({ passed: 23, failed: [], faults: [] });
      expect(result.skipped.map(({ message }) => message)).toEqual(
        Array(3).fill('native histograms are not supported'),
      );
    },
    TIMEOUT_MS,
  );

  it.skipIf(!hasPromtool)(
    'come out as with promtool (skipped without promtool)',
    async () => {
      for (const file of yamlFiles(promtool)) {
        const name = nameOf(file);
        // promtool 2.42 does not know the histograms of this one.
        if (name === 'unittest.yml') continue;
        const { failed, faults } = await run(name);
        const status = exitCodeOf(['test', 'rules', name], promtool);
        expect([name, failed.length + faults.length > 0]).toEqual([name, status !== 0]);
      }
    },
    TIMEOUT_MS,
  );

  it('that are meant to fail, fail case by case', async () => {
    const { failed } = await run('failing.yml');
    expect(failed.map(({ test, line }) => [test, line])).toEqual([
      ['Failing test', 20],
      ['Failing test', 13],
      ['Failing alert test', 33],
      ['Failing alert test', 36],
    ]);
  });
});
