import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { evaluateInstantNow, evaluateRange, parseExpression, type Selection } from '@labkeeper/promql';
import type { BenchRun, Figure } from '../report.js';
import { type StoredSeries, samplesOf, storeOf } from './stored-series.js';

const INTERVAL_MS = 10_000;
const DAY_SAMPLES = 8_640;
const DAY_STEPS = 289;
const RULES = 1_000;
/** Series that a rule reads: one of a thousand metrics. */
const SERIES_PER_RULE = 10;

/** What expressions cost once the samples are read: graphs of a day, and rules. */
export const run: BenchRun = async ({ quick }) => {
  const rounds = quick ? 2 : 10;
  const day = storeOf({ metrics: 1, seriesPerMetric: 100, samples: DAY_SAMPLES, intervalMs: INTERVAL_MS });
  return {
    title: 'PromQL over columns in memory',
    figures: [
      ...(await graphFigures('rate', 'rate(metric_0_total[5m])', day, rounds)),
      ...(await graphFigures('rate_1h', 'rate(metric_0_total[1h])', day, rounds)),
      ...(await graphFigures('sum_rate', 'sum by (job) (rate(metric_0_total[5m]))', day, rounds)),
      ...(await graphFigures('avg_over_time', 'avg_over_time(metric_0_total[5m])', day, rounds)),
      ...(await graphFigures('avg', 'avg by (job) (metric_0_total)', day, rounds)),
      ...ruleFigures(quick ? 20 : 200),
    ],
    notes: [
      `Graphs: 100 series of ${DAY_SAMPLES} samples at ${DAY_STEPS} steps; CPU of the fastest of ${rounds} rounds.`,
      `Rules: ${RULES} comparisons over ${SERIES_PER_RULE} of ${RULES * SERIES_PER_RULE} series, each with one minute of samples; CPU per cycle, the median.`,
    ],
  };
};

async function graphFigures(
  key: string,
  text: string,
  store: readonly StoredSeries[],
  rounds: number,
): Promise<Figure[]> {
  const expression = parseExpression(text);
  const span = { fromMs: 0, toMs: (DAY_STEPS - 1) * 300_000, stepMs: 300_000 };
  const select = (selection: Selection) => Promise.resolve(samplesOf(store, selection));
  const options = { select, monotonicMs: () => performance.now(), pause: () => setImmediate() };
  let leastMs = Number.POSITIVE_INFINITY;
  let samples = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    samples = (await evaluateRange(expression, span, options)).samplesRead;
    leastMs = Math.min(leastMs, cpuMsSince(before));
  }
  return [
    { key: `${key}_ms`, label: `${text}, CPU`, value: leastMs, unit: 'ms' },
    {
      key: `${key}_samples_per_cpu_s`,
      label: `${text}: samples read per CPU second`,
      value: (samples / leastMs) * 1000,
      unit: '1/s',
    },
  ];
}

/** A rule knows its series, as an engine resolves them once: what is measured is the evaluation. */
function ruleFigures(cycles: number): Figure[] {
  const shape = { metrics: RULES, seriesPerMetric: SERIES_PER_RULE, samples: 7, intervalMs: INTERVAL_MS };
  const store = storeOf(shape);
  const rules = Array.from({ length: RULES }, (_, rule) => {
    const expression = parseExpression(`metric_${rule}_total > 1e12`);
    const samples = store.slice(rule * SERIES_PER_RULE, (rule + 1) * SERIES_PER_RULE);
    return { expression, options: { select: () => samples } };
  });
  const cyclesMs = Array.from({ length: cycles }, () => {
    const before = process.cpuUsage();
    for (const { expression, options } of rules) evaluateInstantNow(expression, 60_000, options);
    return cpuMsSince(before);
  });
  const medianMs = cyclesMs.sort((left, right) => left - right)[Math.floor(cycles / 2)] as number;
  return [
    { key: 'rules_cycle_ms', label: `${RULES} rules, CPU per cycle`, value: medianMs, unit: 'ms' },
    { key: 'rule_us', label: 'one rule', value: (medianMs * 1000) / RULES, unit: 'µs' },
  ];
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
