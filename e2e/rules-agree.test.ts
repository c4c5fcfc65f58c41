import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readRuleFile } from '@labkeeper/rules';
import { afterAll, describe, expect, it } from 'vitest';
import { differenceBetween, toleranceFor } from './promql-differential/compare.js';
import { askLabkeeper } from './promql-differential/labkeeper.js';
import { findPrometheus, Prometheus } from './promql-differential/prometheus.js';
import { type FileVerdict, verdictsOfLabkeeper, verdictsOfPromtool } from './rules-agree/check-verdicts.js';
import { ASKED_MS, madeUpSeries } from './rules-agree/made-up-series.js';
import {
  PROMTOOL_FILES,
  PUBLIC_RULES,
  promtool,
  RULEFMT,
  whatIsMissing,
  yamlFiles,
} from './rules-agree/shared-rules.js';
import { runCli } from './run-cli.js';

const missing = whatIsMissing();
if (missing !== undefined) console.warn(`e2e/rules-agree: skipped, ${missing}.`);
const isWithPrometheus = missing === undefined && findPrometheus() !== undefined;

/** Files that the two judge differently, and why that is right. promtool is 2.42 here; rules are read as by Prometheus 3. */
const JUDGED_DIFFERENTLY: Readonly<
  Record<string, { theirs: FileVerdict; ours: FileVerdict; because: string }>
> = {
  'utf-8_lname.good.yaml': {
    theirs: 'refused',
    ours: 1,
    because: 'labels of any letters came with Prometheus 3',
  },
};

/** Test files with another outcome, and why. */
const TESTED_DIFFERENTLY: Readonly<Record<string, { theirs: number; ours: number; because: string }>> = {
  'unittest.yml': {
    theirs: 1,
    ours: 0,
    because: 'it writes native histograms, which 2.42 cannot read at all; those tests alone are skipped here',
  },
};

/** Many programs are started on a machine that may be busy. */
const LIMIT_MS = 300_000;

describe.skipIf(missing !== undefined)(`rule files of others (${missing ?? 'all is there'})`, () => {
  it(
    'are accepted or refused as by promtool, with as many rules',
    async () => {
      const files = [RULEFMT, PUBLIC_RULES, PROMTOOL_FILES].flatMap(yamlFiles);
      const theirs = await verdictsOfPromtool(files);
      const ours = await verdictsOfLabkeeper(files);
      expect([...theirs.keys()]).toEqual(files);
      const differing = files
        .filter((file) => theirs.get(file) !== ours.files.get(file))
        .map((file) => [
          basename(file),
          {
            theirs: theirs.get(file),
            ours: ours.files.get(file),
            because: JUDGED_DIFFERENTLY[basename(file)]?.because,
          },
        ]);
      expect(Object.fromEntries(differing)).toEqual(JUDGED_DIFFERENTLY);
      expect(ours.lastLine).toContain(`rules in ${files.length} files, `);
      expect(ours.code).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    'are counted alike on the last line',
    async () => {
      const files = yamlFiles(PUBLIC_RULES);
      const counts = [...(await verdictsOfPromtool(files)).values()];
      const sum = counts.reduce<number>((total, count) => total + Number(count), 0);
      const { lastLine, code } = await verdictsOfLabkeeper(files);
      expect([lastLine, code]).toEqual([`${sum} rules in ${files.length} files, 0 faulty`, 0]);
    },
    LIMIT_MS,
  );

  it(
    'have unit tests that come out as with promtool',
    async () => {
      const differing: Record<string, unknown> = {};
      for (const file of yamlFiles(PROMTOOL_FILES)) {
        const name = basename(file);
        const theirs = Math.min((await promtool(['test', 'rules', name], PROMTOOL_FILES)).code, 1);
        const { code } = await runCli(['rules', 'test', name], { cwd: PROMTOOL_FILES });
        const ours = Math.min(code ?? -1, 1);
        if (ours !== theirs) differing[name] = { theirs, ours, because: TESTED_DIFFERENTLY[name]?.because };
      }
      expect(differing).toEqual(TESTED_DIFFERENTLY);
    },
    LIMIT_MS,
  );
});

describe.skipIf(!isWithPrometheus)(`every public rule (${missing ?? 'beside Prometheus'})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-rules-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const rules = () =>
    yamlFiles(PUBLIC_RULES).flatMap((file) =>
      readRuleFile(readFileSync(file, 'utf8'), file).groups.flatMap((group) => group.rules),
    );

  it('can be evaluated where there is nothing to measure', async () => {
    const at = { fromMs: ASKED_MS, toMs: ASKED_MS, stepMs: 0 };
    const failed = [];
    for (const { name, expressionText } of rules()) {
      const answer = await askLabkeeper([], { text: expressionText, ...at });
      if (answer.type === 'error') failed.push(`${name}: ${answer.message}`);
    }
    expect(failed).toEqual([]);
  });

  it(
    'gives what Prometheus gives over made-up series, the same refusals included',
    async () => {
      const all = rules();
      const series = madeUpSeries(all.map(({ expression }) => expression));
      const prometheus = await Prometheus.start(series, folder);
      const at = { fromMs: ASKED_MS, toMs: ASKED_MS, stepMs: 0 };
      const seen = { differing: [] as string[], refused: 0, withValues: 0 };
      try {
        for (const { name, expressionText: text } of all) {
          const [ours, theirs] = [
            await askLabkeeper(series, { text, ...at }),
            await prometheus.ask({ text, ...at }),
          ];
          const difference = differenceBetween(ours, theirs, {
            isOrdered: false,
            tolerance: toleranceFor(text),
          });
          if (difference !== undefined) seen.differing.push(`${name}: ${difference}`);
          if (ours.type === 'error') seen.refused += 1;
          if ('series' in ours && ours.series.length > 0) seen.withValues += 1;
        }
      } finally {
        prometheus.end();
      }
      console.info(
        `${all.length} rules, ${series.length} series, ${seen.withValues} with values, ${seen.refused} refused by both`,
      );
      expect(seen.differing).toEqual([]);
      expect(seen.withValues).toBeGreaterThan(all.length / 4);
    },
    LIMIT_MS,
  );
});
