import { functionSignatures } from '@labkeeper/promql';
import { describe, expect, it } from 'vitest';
import { findPrometheus } from './promql-differential/prometheus.js';
import { Random } from './promql-differential/random.js';
import { randomQuestion } from './promql-differential/random-question.js';
import { report } from './promql-differential/report.js';
import { compareOnRandom } from './promql-differential/run.js';

const isInstalled = findPrometheus() !== undefined;
if (!isInstalled) {
  console.warn(
    'e2e/promql-differential: skipped, no prometheus and promtool found (Debian: apt install prometheus).',
  );
}

const SEED = 20_260_704;
const COUNT = 2_000;
/** What the program beside this test asks when nothing else is said. */
const LONG_COUNT = 20_000;
const OF_NATIVE_HISTOGRAMS = /^histogram_(?!quantile)/;
/** A Prometheus is started, and asked some thousand times. */
const LIMIT_MS = 300_000;

describe.skipIf(!isInstalled)('our evaluator and a real Prometheus', () => {
  it(`are asked about every stable function in a run of ${LONG_COUNT} expressions`, () => {
    const random = new Random(SEED);
    const questions = Array.from({ length: LONG_COUNT }, () => randomQuestion(random).text);
    const asked = new Set(questions.flatMap((text) => text.match(/\w+(?=\()/g) ?? []));
    const stable = functionSignatures().filter(({ isExperimental }) => !isExperimental);
    const missing = stable.map(({ name }) => name).filter((name) => !asked.has(name));
    expect(missing.filter((name) => !OF_NATIVE_HISTOGRAMS.test(name))).toEqual([]);
  });

  it(
    `give the same answers to ${COUNT} random expressions over random data, at one time and over a span`,
    async () => {
      const outcome = await compareOnRandom(SEED, COUNT);
      expect(outcome.differences, report(SEED, outcome)).toEqual([]);
      expect(outcome.comparisons).toBe(2 * COUNT);
      // Most questions have an answer with values in it.
      expect(outcome.refused + outcome.empty).toBeLessThan(outcome.comparisons / 2);
    },
    LIMIT_MS,
  );
});
