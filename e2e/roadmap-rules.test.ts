import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsIn, roadmapRules, unitTests } from './rules-agree/roadmap.js';
import { ROADMAP_CASES } from './rules-agree/roadmap-cases.js';
import { promtool, SHARED, whatIsMissing } from './rules-agree/shared-rules.js';
import { runCli } from './run-cli.js';

const rules = roadmapRules() ?? '';
if (rules === '') console.warn(`e2e/roadmap-rules: skipped, there is no roadmap in ${SHARED}.`);
const missing = whatIsMissing();
/** Hours of data are replayed, on a machine that may be busy. */
const LIMIT_MS = 120_000;

describe.skipIf(rules === '')('the rules of the roadmap (skipped without it)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-roadmap-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  // The body of a suite that is skipped runs all the same.
  const count = rules === '' ? 0 : alertsIn(rules).length;
  beforeAll(() => {
    writeFileSync(join(folder, 'rules.yml'), rules);
    writeFileSync(join(folder, 'tests.yml'), unitTests(rules, 'rules.yml', ROADMAP_CASES));
  });

  it('load unchanged, all of them', async () => {
    const { stdout, code } = await runCli(['rules', 'check', 'rules.yml'], { cwd: folder });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`${count} rules in 1 files, 0 faulty`);
    expect(code).toBe(0);
  });

  it('have a case each', () => {
    expect(ROADMAP_CASES.map(({ alert }) => alert)).toEqual(alertsIn(rules).map(({ alert }) => alert));
  });

  it(
    'fire over data that is bad, and not over data that is not',
    async () => {
      const { stdout, code } = await runCli(['rules', 'test', 'tests.yml'], { cwd: folder });
      expect(stdout).toBe(`${2 * count} passed, 0 failed, 0 skipped\n`);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it.skipIf(missing !== undefined)(
    'do the same with promtool (skipped without it)',
    async () => {
      expect(await promtool(['check', 'rules', 'rules.yml'], folder)).toMatchObject({
        code: 0,
        output: expect.stringContaining(`SUCCESS: ${count} rules found`) as string,
      });
      const { code, output } = await promtool(['test', 'rules', 'tests.yml'], folder);
      expect([code, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
    },
    LIMIT_MS,
  );
});
