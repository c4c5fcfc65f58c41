import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger, SampleStore, Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import storageSql from '@labkeeper/storage-sql';
import type { Measured } from '../peers/peer.js';
import { dayOfHosts, ROUNDS_PER_REQUEST, rounds, type Scenario } from '../scenario.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => console.error(message, fields),
  error: (message, fields) => console.error(message, fields),
  child: () => silent,
};

/** In process: appends of ten samples of each series, as an import makes them, until all of it is in the database. */
export async function bulkFigures(quick: boolean): Promise<Measured> {
  const day = dayOfHosts(quick);
  const dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const clock = new ManualClock(day.startMs);
  const sqlite = storageSql.storages?.find(({ name }) => name === 'sqlite');
  const options = {
    durability: '10s',
    keep_samples: '30d',
    keep_5m: '1y',
    keep_1h: '5y',
    late_samples_within: '1h',
  };
  const storage = await sqlite?.open({ options: options as never, dataDir, clock, log: silent });
  if (!storage) throw new Error('there is no SQLite adapter');
  const generatorS = generatorSeconds(day);
  const begin = process.cpuUsage();
  await appendAll(storage.samples, day);
  const appendedS = secondsSince(begin) - generatorS;
  // Long enough for the last window to be sealed, not long enough for the day to settle.
  await clock.advance(day.endMs - day.startMs + 1_800_000);
  await upkeep(storage.samples, clock);
  const sealedS = secondsSince(begin) - generatorS;
  await clock.advance(86_400_000);
  await upkeep(storage.samples, clock);
  const settledS = secondsSince(begin) - generatorS;
  await storage.close();
  rmSync(dataDir, { recursive: true });
  const samples = day.series.length * day.steps;
  return {
    figures: {
      bulk_samples_per_cpu_s: samples / sealedS,
      appended_samples_per_cpu_s: samples / appendedS,
      settled_samples_per_cpu_s: samples / settledS,
    },
    notes: [
      'Bulk: appended, in the journal, and in packs of the database. Settled: brought into the final form too.',
    ],
  };
}

async function upkeep(samples: SampleStore, clock: ManualClock): Promise<void> {
  await samples.append({
    series: [{ name: 'labkeeper_bench', labels: {} }],
    timesMs: [clock.now()],
    values: [1],
  });
  await samples.delete([{ label: 'instance', operator: '=', value: 'nobody' }], 0, 1);
}

async function appendAll(samples: SampleStore, day: Scenario): Promise<void> {
  const count = day.series.length;
  const rows = count * ROUNDS_PER_REQUEST;
  const series = day.series.flatMap((one) => Array<Series>(ROUNDS_PER_REQUEST).fill(one));
  const [timesMs, values] = [new Float64Array(rows), new Float64Array(rows)];
  let filled = 0;
  for (const round of rounds(day)) {
    for (let index = 0; index < count; index++) {
      timesMs[index * ROUNDS_PER_REQUEST + filled] = round.timeMs;
      values[index * ROUNDS_PER_REQUEST + filled] = round.values[index] as number;
    }
    filled = (filled + 1) % ROUNDS_PER_REQUEST;
    if (filled === 0) await samples.append({ series, timesMs, values });
  }
}

function generatorSeconds(day: Scenario): number {
  const begin = process.cpuUsage();
  let sum = 0;
  for (const { values } of rounds(day)) sum += values[0] as number;
  return sum === Number.POSITIVE_INFINITY ? 0 : secondsSince(begin);
}

function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}
