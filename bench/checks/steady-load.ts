import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningHost } from '../../e2e/running-host.js';
import { type CheckLoad, type Snapshot, snapshot, startBenchHost } from './bench-host.js';
import { quantileBetween, type ScrapedSample } from './exposition.js';

/** Histogram of the host: how much later than due a task began. */
const LATENESS = 'labkeeper_task_lateness_seconds';

/** What happened between two moments. */
export interface SteadyLoad {
  readonly checks: number;
  readonly checksPerSecond: number;
  readonly missed: number;
  readonly cpuMsPerCheck: number;
  readonly cpuShare: number;
  readonly bytesWrittenPerCheck: number;
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  readonly rssMb: number;
  readonly eventLoopDelayP99Ms: number;
  /** Runs that did not find their target up; every target was well all the time. */
  readonly notUp: number;
}

export interface SteadySetup {
  readonly load: CheckLoad;
  /** Left out of the figures: the first connections, the compiler, the first lines of the database. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Lets a fresh host work and measures it. `keep` gets the host before it is ended. */
export async function runSteady(
  setup: SteadySetup,
  keep: (host: RunningHost) => Promise<void> = async () => {},
): Promise<SteadyLoad> {
  const host = await startBenchHost(setup.load);
  try {
    await sleep(setup.warmUpMs);
    const before = await snapshot(host);
    await sleep(setup.measureMs);
    const after = await snapshot(host);
    await keep(host);
    return compare(before, after);
  } finally {
    await host.end();
  }
}

function compare(before: Snapshot, after: Snapshot): SteadyLoad {
  const checks = runsOf(after.metrics) - runsOf(before.metrics);
  const seconds = (after.atMs - before.atMs) / 1_000;
  const cpuMs = after.usage.cpuMs - before.usage.cpuMs;
  const lateness = (quantile: number) =>
    quantileBetween({ before: before.metrics, after: after.metrics }, LATENESS, quantile) * 1_000;
  return {
    checks,
    checksPerSecond: checks / seconds,
    missed: after.stats.scheduler.missed - before.stats.scheduler.missed,
    cpuMsPerCheck: cpuMs / checks,
    cpuShare: cpuMs / 1_000 / seconds,
    bytesWrittenPerCheck: (after.usage.writtenBytes - before.usage.writtenBytes) / checks,
    latenessP50Ms: lateness(0.5),
    latenessP99Ms: lateness(0.99),
    rssMb: after.usage.rssBytes / 1e6,
    eventLoopDelayP99Ms: after.stats.process.event_loop_delay_p99_ms,
    notUp: falseRunsOf(after.metrics) - falseRunsOf(before.metrics),
  };
}

const RUNS = 'labkeeper_check_runs_total';

function runsOf(metrics: readonly ScrapedSample[]): number {
  return sum(metrics.filter(({ name }) => name === RUNS));
}

function falseRunsOf(metrics: readonly ScrapedSample[]): number {
  return sum(metrics.filter(({ name, labels }) => name === RUNS && labels.status !== 'up'));
}

function sum(samples: readonly ScrapedSample[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}
