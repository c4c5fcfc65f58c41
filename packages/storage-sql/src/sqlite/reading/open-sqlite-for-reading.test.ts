import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleStore } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import type { TsdbRules } from '@labkeeper/tsdb';
import { describe, expect, it } from 'vitest';
import { startChild } from '../../testing/child-store.js';
import { EAGER_RULES, LASTING_RULES, LAZY_RULES } from '../../testing/sample-rules.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openSqlite } from '../open-sqlite.js';
import { openSqliteForReading } from './open-sqlite-for-reading.js';

const newFolder = temporaryFolder();
const EVERYTHING = [{ label: '__name__', operator: '!=', value: '' }] as const;

const partsOf = (dataDir: string, rules: TsdbRules) => ({
  ...{ dataDir, rules },
  clock: new ManualClock(),
  log: recordingLog(),
});

function append(samples: SampleStore, ...timesMs: readonly number[]): Promise<unknown> {
  const level = { name: 'level', labels: { tank: 'a' } };
  return samples.append({
    series: timesMs.map(() => level),
    timesMs: Float64Array.from(timesMs),
    values: Float64Array.from(timesMs),
  });
}

async function timesIn(samples: Pick<SampleStore, 'select'>): Promise<readonly number[]> {
  const found = await samples.select(EVERYTHING, 0, 2 ** 50);
  return found.flatMap(({ timesMs }) => [...timesMs]);
}

describe.each([
  ['the journal', LAZY_RULES],
  ['packs', EAGER_RULES],
  ['both', { ...EAGER_RULES, maxHeadBytes: 100 }],
])('a store that somebody writes to, with samples in %s', (_, rules) => {
  it('is read as it was when it was opened, and goes on being written', async () => {
    const dataDir = await newFolder();
    const writer = await openSqlite(partsOf(dataDir, rules));
    const times = Array.from({ length: 50 }, (_, index) => index * 100);
    for (const timeMs of times) await append(writer.samples, timeMs);
    const reader = await openSqliteForReading(partsOf(dataDir, rules));
    // What is packed anew meanwhile takes away the packs that the reader knows.
    for (let timeMs = 5_000; timeMs < 10_000; timeMs += 100) await append(writer.samples, timeMs);
    await writer.samples.delete(EVERYTHING, 0, 1_000);
    expect(await timesIn(reader.samples)).toEqual(times);
    await reader.close();
    await append(writer.samples, 10_000);
    await writer.close();
  });
});

describe('opening for reading', () => {
  it('changes nothing of a store that is closed', async () => {
    const dataDir = await newFolder();
    const writer = await openSqlite(partsOf(dataDir, LAZY_RULES));
    await append(writer.samples, 1, 2, 3);
    await writer.close();
    const before = await contentsOf(dataDir);
    const reader = await openSqliteForReading(partsOf(dataDir, LAZY_RULES));
    expect(await reader.samples.stats()).toMatchObject({ series: 1, samples: 3, oldestMs: 1, newestMs: 3 });
    await reader.close();
    expect(await contentsOf(dataDir)).toEqual(before);
  });

  it('shows what a process left that was killed', async () => {
    const dataDir = await newFolder();
    const child = startChild('write', dataDir);
    let rounds = 0;
    for await (const line of child.lines) {
      if (line.startsWith('samples')) rounds += 1;
      if (rounds === 30) break;
    }
    await child.killNine();
    const reader = await openSqliteForReading(partsOf(dataDir, LASTING_RULES));
    expect(new Set(await timesIn(reader.samples)).size).toBeGreaterThanOrEqual(30);
    await reader.close();
  }, 30_000);

  it('is refused where there is no store', async () => {
    await expect(openSqliteForReading(partsOf(await newFolder(), LASTING_RULES))).rejects.toMatchObject({
      code: 'STORAGE_EMPTY',
    });
  });

  it('is refused for a file that is no database', async () => {
    const dataDir = await newFolder();
    const writer = await openSqlite(partsOf(dataDir, LASTING_RULES));
    await writer.close();
    await writeFile(join(dataDir, 'labkeeper.db'), 'x'.repeat(8_192));
    await expect(openSqliteForReading(partsOf(dataDir, LASTING_RULES))).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
    });
  });
});

/** The empty log and the shared memory of SQLite are the meeting place of those who have the file open, and no content. */
async function contentsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const contents = new Map<string, string>();
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const content = await readFile(join(parentPath, name));
    if (content.length === 0 || name.endsWith('-shm')) continue;
    contents.set(name, createHash('sha256').update(content).digest('hex'));
  }
  return contents;
}
