import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@labkeeper/core';
import { ManualClock, memoryStorage } from '@labkeeper/core/runtime';
import { openStore } from '../bench-store.js';
import type { BenchOptions, BenchReport, BenchRun, Figure } from '../report.js';
import { RUNS_PER_SECOND, runCost, schedulerCostMicros } from './check-load.js';
import { engineMicrosPerRun } from './run-loop.js';
import { samplesPerCpuSecond } from './sample-load.js';

/** What samples cost on their way to the store, and what a check costs beside the check itself. */
export const run: BenchRun = async ({ quick }: BenchOptions): Promise<BenchReport> => {
  const rounds = quick ? 10 : 60;
  const seconds = quick ? 3 : 15;
  return {
    title: `Ingest, and ${RUNS_PER_SECOND} checks a second that do nothing`,
    figures: [...(await ingestFigures(rounds)), ...(await checkFigures(seconds, rounds))],
    notes: [
      'Samples: 100 sources of 300 samples, one flush a round. `no store` takes the batches and forgets them: the cost of ingest alone.',
      'Checks: verdict machine, three samples and one event per run; CPU is user and system time of all threads.',
    ],
  };
};

async function ingestFigures(rounds: number): Promise<readonly Figure[]> {
  const figure = (key: string, label: string, value: number): Figure => ({
    key: `samples_per_cpu_second_${key}`,
    label: `Samples per CPU second, ${label}`,
    value: Math.round(value),
    unit: '1/s',
  });
  return [
    figure(
      'no_store',
      'no store, labels kept',
      await samplesPerCpuSecond(forgetful(), 'kept labels', rounds),
    ),
    figure(
      'no_store_new_labels',
      'no store, labels made anew',
      await samplesPerCpuSecond(forgetful(), 'new labels', rounds),
    ),
    figure('memory', 'memory store', await samplesPerCpuSecond(memoryStorage(), 'kept labels', rounds)),
    figure(
      'sqlite',
      'SQLite',
      await withSqlite((storage) => samplesPerCpuSecond(storage, 'kept labels', rounds)),
    ),
  ];
}

async function checkFigures(seconds: number, rounds: number): Promise<readonly Figure[]> {
  const cost = (key: string, label: string, value: number, must?: Figure['must']): Figure => ({
    ...{ key: `cpu_us_per_run_${key}`, label: `CPU per run, ${label}`, value, unit: 'µs' },
    ...(must && { must }),
  });
  const scheduler = await schedulerCostMicros(seconds);
  const engine = await engineMicrosPerRun(forgetful(), rounds);
  const stored = await withSqlite((storage) => engineMicrosPerRun(storage, rounds));
  const whole = await withSqlite((storage) => runCost(storage, seconds));
  return [
    cost('scheduler', 'scheduler alone, real clock', scheduler),
    cost('engine', 'engine alone, no timer', engine, { atMost: 15 }),
    cost('engine_sqlite', 'engine and SQLite, no timer', stored),
    cost('whole', 'all of it, real clock', whole.cpuMicros),
    {
      ...{ key: 'lateness_p99_ms', label: 'Lateness p99', value: whole.latenessP99Ms, unit: 'ms' },
      must: { atMost: 20 },
    },
    {
      ...{ key: 'missed_runs', label: 'Missed runs', value: whole.missed, unit: '' },
      must: { atMost: 0 },
    },
  ];
}

/** A store that takes every sample and keeps none. */
function forgetful(): Storage {
  const storage = memoryStorage();
  return {
    ...storage,
    samples: {
      ...storage.samples,
      append: async ({ series }) => ({ kept: series.length, conflicting: 0, tooOld: 0 }),
    },
  };
}

async function withSqlite<Result>(work: (storage: Storage) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const storage = await openStore(dataDir, new ManualClock(Date.now()));
  try {
    return await work(storage);
  } finally {
    await storage.close();
    rmSync(dataDir, { recursive: true });
  }
}
