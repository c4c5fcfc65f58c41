import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleStore, Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { openStore, upkeepEnded } from '../bench-store.js';
import type { BenchRun, Figure } from '../report.js';
import { dayOfHosts, hostName, ROUNDS_PER_REQUEST, rounds, type Scenario } from '../tsdb/scenario.js';
import { LOAD } from '../tsdb/series-shapes.js';

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
/** Thirty days of 25 hosts in process, time driven by hand: what is on the disk, what is in memory, how long a graph takes. */
export const run: BenchRun = async ({ quick }) => {
  const days = quick ? 2 : MONTH_DAYS;
  const dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const day = dayOfHosts(false);
  const clock = new ManualClock(day.startMs);
  // Kept for longer than the month, so that all of it is there at the end.
  const storage = await openStore(dataDir, clock, { keep_samples: '60d' });
  const memoryMb: number[] = [];
  for (let index = 0; index < days; index++) {
    await liveDay(storage.samples, clock, day, index * DAY_MS);
    memoryMb.push(process.memoryUsage.rss() / 1e6);
    console.log(
      `… day ${index + 1}: ${(databaseBytes(dataDir) / 1e6).toFixed(1)} MB, ${memoryMb.at(-1)?.toFixed(0)} MB in memory`,
    );
  }
  const figures = await figuresOf(storage.samples, day, days);
  await storage.close();
  const samples = day.series.length * day.steps * days;
  const bytes = databaseBytes(dataDir);
  rmSync(dataDir, { recursive: true });
  return {
    title: `${days} days of 25 hosts with 60 series at 10 s`,
    figures: [
      { key: 'database_mb', label: 'Database', value: bytes / 1e6, unit: 'MB' },
      {
        key: 'bytes_per_sample',
        label: 'Database per sample, the newest day not settled',
        value: bytes / samples,
        unit: 'B',
      },
      {
        key: 'memory_after_day_2_mb',
        label: 'Memory after day 2',
        value: memoryMb[1] ?? Number.NaN,
        unit: 'MB',
      },
      {
        key: 'memory_at_the_end_mb',
        label: 'Memory at the end',
        value: memoryMb.at(-1) ?? Number.NaN,
        unit: 'MB',
      },
      ...figures,
    ],
  };
};

/** Ten rounds in each append, and time passes with them, so that upkeep happens when it would. */
async function liveDay(
  samples: SampleStore,
  clock: ManualClock,
  day: Scenario,
  offsetMs: number,
): Promise<void> {
  const count = day.series.length;
  const series = day.series.flatMap((one) => Array<Series>(ROUNDS_PER_REQUEST).fill(one));
  const [timesMs, values] = [new Float64Array(series.length), new Float64Array(series.length)];
  let filled = 0;
  for (const round of rounds(day)) {
    for (let index = 0; index < count; index++) {
      timesMs[index * ROUNDS_PER_REQUEST + filled] = round.timeMs + offsetMs;
      values[index * ROUNDS_PER_REQUEST + filled] = round.values[index] as number;
    }
    filled = (filled + 1) % ROUNDS_PER_REQUEST;
    if (filled > 0) continue;
    await clock.advance(day.stepMs * ROUNDS_PER_REQUEST);
    await samples.append({ series, timesMs, values });
  }
  // Upkeep would have hours for what has seconds here.
  await upkeepEnded(samples);
}

async function figuresOf(samples: SampleStore, day: Scenario, days: number): Promise<Figure[]> {
  const [fromMs, toMs] = [day.startMs, day.startMs + days * DAY_MS];
  const matchers = (host: number) =>
    [
      { label: '__name__', operator: '=', value: LOAD },
      { label: 'instance', operator: '=', value: hostName(host) },
    ] as const;
  const stepMs = 3_600_000;
  const graphMs = await medianMs((turn) =>
    samples.rollup(matchers(turn), { fromMs, toMs, stepMs: stepMs / 12 }),
  );
  const hoursMs = await medianMs((turn) => samples.rollup(matchers(turn), { fromMs, toMs, stepMs }));
  const rawMs = await medianMs((turn) => samples.select(matchers(turn), fromMs, toMs));
  return [
    {
      ...{
        key: 'graph_5m_ms',
        label: 'The whole span of one series at 5 minutes, first time',
        value: graphMs,
        unit: 'ms',
      },
      must: { atMost: 50 },
    },
    { key: 'graph_1h_ms', label: 'At an hour, first time', value: hoursMs, unit: 'ms', must: { atMost: 50 } },
    { key: 'samples_ms', label: 'Every sample of it, first time', value: rawMs, unit: 'ms' },
  ];
}

/** Each turn asks for another host, so that nothing is remembered. */
async function medianMs(ask: (turn: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let turn = 0; turn < 11; turn++) {
    const beginMs = performance.now();
    await ask(turn);
    taken.push(performance.now() - beginMs);
  }
  return taken.sort((a, b) => a - b)[5] as number;
}

function databaseBytes(dataDir: string): number {
  return statSync(join(dataDir, 'labkeeper.db')).size;
}
