import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleStore, Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { openStore, upkeepDone } from '../../bench-store.js';
import type { Measured } from '../peers/peer.js';
import { dayOfHosts, ROUNDS_PER_REQUEST, rounds, type Scenario } from '../scenario.js';

/** In process: appends of ten samples of each series, as an import makes them, until all of it is in the database. */
export async function bulkFigures(quick: boolean): Promise<Measured> {
  const day = dayOfHosts(quick);
  const dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const clock = new ManualClock(day.startMs);
  const storage = await openStore(dataDir, clock);
  const generatorS = generatorSeconds(day);
  const begin = process.cpuUsage();
  await appendAll(storage.samples, day);
  const appendedS = secondsSince(begin) - generatorS;
  // Long enough for the last window to be sealed, not long enough for the day to settle.
  await clock.advance(day.endMs - day.startMs + 1_800_000);
  await upkeepDone(storage.samples, clock);
  const sealedS = secondsSince(begin) - generatorS;
  await clock.advance(86_400_000);
  await upkeepDone(storage.samples, clock);
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
