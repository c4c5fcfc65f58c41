// npx tsx e2e/promql-differential/index.ts [--seed N] [--count N]: random expressions over random data, asked of our evaluator and of a
// real Prometheus 2.42. Prints each difference with its smallest part. Exit code 1 when there is one, 2 without Prometheus.
import { parseArgs } from 'node:util';
import { findPrometheus } from './prometheus.js';
import { report } from './report.js';
import { compareOnRandom } from './run.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '20000' },
  },
});

if (findPrometheus() === undefined) {
  console.error('prometheus and promtool are not installed: nothing to compare with');
  process.exit(2);
}
const startMs = performance.now();
const outcome = await compareOnRandom(Number(values.seed), Number(values.count));
console.log(report(Number(values.seed), outcome));
console.log(`${((performance.now() - startMs) / 1_000).toFixed(0)} s`);
process.exit(outcome.differences.length === 0 ? 0 : 1);
