import { on } from 'node:events';
import type { Storage } from '@labkeeper/core';
import { systemClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import { expect, it } from 'vitest';
import { startChild } from '../testing/child-store.js';
import { BUSY_RULES } from '../testing/sample-rules.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openSqlite } from './open-sqlite.js';

const newFolder = temporaryFolder();

/** Deaths on one folder. The next child goes on with what the last one left. */
const DEATHS = 4;

type Acknowledged = Readonly<Record<'single' | 'pair' | 'samples', Set<number>>>;

it('keeps everything that was acknowledged through kill -9 at any moment', async () => {
  const dataDir = await newFolder();
  const acknowledged: Acknowledged = { single: new Set(), pair: new Set(), samples: new Set() };
  for (let death = 0; death < DEATHS; death++) {
    await writeUntilKilled(dataDir, acknowledged, 20 + Math.floor(Math.random() * 150));
    const storage = await openSqlite({
      dataDir,
      clock: systemClock(),
      log: recordingLog(),
      rules: BUSY_RULES,
    });
    await assertKept(storage, acknowledged);
    await storage.close();
  }
  expect(acknowledged.pair.size).toBeGreaterThan(DEATHS);
}, 60_000);

async function writeUntilKilled(dataDir: string, acknowledged: Acknowledged, lines: number): Promise<void> {
  const child = startChild('write', dataDir);
  let seen = 0;
  for await (const [line] of on(child.lines, 'line', { close: ['close'] })) {
    const [what, round] = String(line).split(' ') as [keyof Acknowledged, string];
    acknowledged[what].add(Number(round));
    seen += 1;
    if (seen === lines) void child.killNine();
  }
  await child.killNine();
  expect(seen).toBeGreaterThanOrEqual(lines);
}

async function assertKept({ records, samples }: Storage, acknowledged: Acknowledged): Promise<void> {
  const notes = records.collection<{ round: number }>({ name: 'notes', indexes: { round: 'number' } });
  for (const round of acknowledged.single) expect(await notes.get(`single-${round}`)).toBeDefined();
  for (const round of acknowledged.pair) expect(await notes.get(`left-${round}`)).toBeDefined();
  const { records: all } = await notes.list({ limit: 1_000 });
  const keys = new Set(all.map(({ key }) => key));
  const halves = all.filter(({ key }) => key.startsWith('left-'));
  expect(halves.filter(({ key }) => !keys.has(key.replace('left', 'right')))).toEqual([]);
  const found = await samples.select(
    [{ label: '__name__', operator: '=', value: 'level' }],
    0,
    Number.MAX_SAFE_INTEGER,
  );
  expect(found.length).toBe(5);
  for (const { series, timesMs, values } of found) {
    const host = Number(series.labels.instance?.slice(4));
    const kept = new Map(Array.from(timesMs, (timeMs, row) => [timeMs / 100, values[row]]));
    for (const round of acknowledged.samples) expect(kept.get(round)).toBe(round + host / 8);
    expect([...timesMs]).toEqual([...timesMs].sort((a, b) => a - b));
  }
}
