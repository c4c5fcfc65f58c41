import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleBatch, SampleStore, Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { openStore, upkeepDone } from '../../bench-store.js';
import type { Measured } from '../peers/peer.js';
import { dayOfHosts, ROUNDS_PER_REQUEST, rounds, type Scenario } from '../scenario.js';

/** An hour of batches is made before it is appended: only appending is measured, and the batches do not fit into the CPU's cache. */
const BATCHES_AT_ONCE = 36;

/** In process: appends of ten samples of each series, as an import makes them, until all of it is in the database. */
export async function bulkFigures(quick: boolean): Promise<Measured> {
  const day = withinOneDay(dayOfHosts(quick));
  const dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const clock = new ManualClock(day.startMs);
  const storage = await openStore(dataDir, clock);
  const appendedS = await appendAll(storage.samples, day);
  // Long enough for the last window to be sealed, not long enough for the day to settle.
  const sealedS = appendedS + (await passing(storage.samples, clock, day.endMs - clock.now() + 1_800_000));
  const settledS = sealedS + (await passing(storage.samples, clock, 86_400_000));
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

/** A day has its end and not its beginning: a first sample at midnight would have the day before settled. */
function withinOneDay(day: Scenario): Scenario {
  return { ...day, startMs: day.startMs + day.stepMs, endMs: day.endMs + day.stepMs };
}

/** CPU seconds of the appends. */
async function appendAll(samples: SampleStore, day: Scenario): Promise<number> {
  let cpuS = 0;
  for (const batches of batchesOf(day)) {
    const begin = process.cpuUsage();
    for (const batch of batches) await samples.append(batch);
    cpuS += secondsSince(begin);
  }
  return cpuS;
}

/** CPU seconds of what is done when so much time passes. */
async function passing(samples: SampleStore, clock: ManualClock, milliseconds: number): Promise<number> {
  const begin = process.cpuUsage();
  await clock.advance(milliseconds);
  await upkeepDone(samples, clock);
  return secondsSince(begin);
}

/** The samples of each series side by side. The same arrays are filled again for the next hour. */
function* batchesOf(day: Scenario): Generator<readonly SampleBatch[], void> {
  const series = day.series.flatMap((one) => Array<Series>(ROUNDS_PER_REQUEST).fill(one));
  const column = () => new Float64Array(series.length);
  const batches = Array.from({ length: BATCHES_AT_ONCE }, () => ({
    series,
    timesMs: column(),
    values: column(),
  }));
  let filled = 0;
  for (const { timeMs, values } of rounds(day)) {
    const batch = batches[Math.floor(filled / ROUNDS_PER_REQUEST)] as (typeof batches)[number];
    for (let index = 0; index < values.length; index++) {
      const row = index * ROUNDS_PER_REQUEST + (filled % ROUNDS_PER_REQUEST);
      batch.timesMs[row] = timeMs;
      batch.values[row] = values[index] as number;
    }
    filled = (filled + 1) % (BATCHES_AT_ONCE * ROUNDS_PER_REQUEST);
    if (filled === 0) yield batches;
  }
  yield batches.slice(0, filled / ROUNDS_PER_REQUEST);
}

function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}
