import type { BenchOptions, BenchReport, BenchRun } from '../report.js';
import { labkeeperCost } from './labkeeper.js';
import { prometheusCost } from './prometheus.js';
import { RULES, SERIES_PER_RULE } from './rule-load.js';

const CYCLES = 40;
const QUICK_CYCLES = 5;

/** Alerting rules beside Prometheus: what an interval costs when nothing is wrong. */
export const run: BenchRun = async ({ quick }: BenchOptions): Promise<BenchReport> => {
  const cycles = quick ? QUICK_CYCLES : CYCLES;
  const ours = await labkeeperCost(cycles);
  const theirs = await prometheusCost(cycles);
  const floorMs = plainCost();
  const references = [
    ...(theirs === undefined ? [] : [{ name: 'Prometheus', value: theirs }]),
    { name: 'plain JavaScript', value: floorMs },
  ];
  return {
    title: `Rules: ${RULES} alerting rules, each over ${SERIES_PER_RULE} series`,
    figures: [
      {
        key: 'cpu_ms_per_cycle',
        label: 'CPU of one evaluation of all',
        value: ours.perCycleMs,
        unit: 'ms',
        must: { atMost: 20 },
        references,
      },
      {
        key: 'cpu_ms_per_arrival',
        label: 'CPU when every series has a new sample',
        value: ours.perArrivalMs,
        unit: 'ms',
      },
      {
        key: 'idle_cpu_ms_per_cycle',
        label: 'CPU of the engine without rules',
        value: ours.idlePerCycleMs,
        unit: 'ms',
      },
    ],
    notes: [
      'CPU is user and system time of the process. Of both programs the CPU without rules is taken off. Nothing fires.',
      ...(theirs === undefined ? ['Prometheus is not installed here.'] : []),
    ],
  };
};

/** The floor: the same comparisons over an array of numbers, without a query language. */
function plainCost(): number {
  const values = Float64Array.from({ length: RULES * SERIES_PER_RULE }, (_, index) => index % 500);
  let fired = 0;
  const beginMs = performance.now();
  const rounds = 100;
  for (let round = 0; round < rounds; round++) for (const value of values) if (value > 1_000) fired += 1;
  return (performance.now() - beginMs + fired) / rounds;
}
