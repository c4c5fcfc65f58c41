import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Matcher, Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { openStore } from '../bench-store.js';
import { processUsage } from '../checks/process-usage.js';
import { createFleet, FLUSH_MS, START_MS } from './fleet.js';
import type { WritingCost } from './layouts.js';

/** A store with samples in it, and what writing them cost. */
export interface FilledStore {
  readonly storage: Storage;
  readonly dataDir: string;
  readonly clock: ManualClock;
  readonly cost: WritingCost;
  /** Closes it and removes its files. */
  end(): Promise<void>;
}

/** Writes a span of a fleet's life into a new store, through its public face. */
export async function fillStore(checks: number, spanMs: number): Promise<FilledStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  const clock = new ManualClock(START_MS);
  const storage = await openStore(dataDir, clock);
  const fleet = createFleet(checks);
  const before = processUsage(process.pid);
  let samples = 0;
  for (let atMs = START_MS; atMs < START_MS + spanMs; atMs += FLUSH_MS) {
    const batch = fleet.flush(atMs);
    await storage.samples.append(batch);
    samples += batch.series.length;
    clock.jump(FLUSH_MS);
  }
  const after = processUsage(process.pid);
  const cost = {
    cpuMicrosPerSample: ((after.cpuMs - before.cpuMs) * 1_000) / samples,
    bytesPerSample: (after.writtenBytes - before.writtenBytes) / samples,
    samples,
  };
  const end = async () => {
    await storage.close();
    rmSync(dataDir, { recursive: true });
  };
  return { storage, dataDir, clock, cost, end };
}

/** Milliseconds to open what the store would have left behind if its process had been killed now. */
export async function openingAfterKillMs({ dataDir, clock }: FilledStore): Promise<number> {
  const copy = mkdtempSync(join(tmpdir(), 'labkeeper-bench-'));
  cpSync(dataDir, copy, { recursive: true });
  const { storage, ms } = await timed(copy, clock);
  await storage.close();
  rmSync(copy, { recursive: true });
  return ms;
}

/** Milliseconds to open the store after it was closed. It is open again afterwards. */
export async function reopeningMs(
  filled: FilledStore,
): Promise<{ readonly filled: FilledStore; readonly ms: number }> {
  await filled.storage.close();
  const { storage, ms } = await timed(filled.dataDir, filled.clock);
  const end = async () => {
    await storage.close();
    rmSync(filled.dataDir, { recursive: true });
  };
  return { filled: { ...filled, storage, end }, ms };
}

async function timed(
  dataDir: string,
  clock: ManualClock,
): Promise<{ readonly storage: Storage; readonly ms: number }> {
  const startMs = performance.now();
  const storage = await openStore(dataDir, clock);
  return { storage, ms: performance.now() - startMs };
}

/** Median milliseconds of selecting the whole span of one series, over several series. */
export async function selectionMs(
  { storage, clock }: FilledStore,
  hosts: readonly number[],
): Promise<number> {
  const times: number[] = [];
  for (const host of hosts) {
    const matchers: Matcher[] = [
      { label: '__name__', operator: '=', value: 'probe_metric_5' },
      { label: 'instance', operator: '=', value: `host${host}` },
    ];
    const startMs = performance.now();
    await storage.samples.select(matchers, START_MS, clock.now());
    times.push(performance.now() - startMs);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Milliseconds for each of many puts, one after the other (each waits for the disk) and all at once. */
export async function putMs({
  storage,
}: FilledStore): Promise<{ readonly single: number; readonly together: number }> {
  const notes = storage.records.collection({ name: 'bench', indexes: { rank: 'number' } });
  const put = (rank: number) => notes.put(`key${rank}`, { rank, text: 'x'.repeat(300) });
  await put(0);
  const startMs = performance.now();
  for (let rank = 0; rank < 200; rank++) await put(rank);
  const betweenMs = performance.now();
  await Promise.all(Array.from({ length: 2_000 }, (_, rank) => put(rank)));
  return { single: (betweenMs - startMs) / 200, together: (performance.now() - betweenMs) / 2_000 };
}
