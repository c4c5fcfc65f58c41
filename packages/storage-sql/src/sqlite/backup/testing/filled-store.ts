import type { SampleStore, Storage } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import type { TsdbRules } from '@labkeeper/tsdb';
import { expect } from 'vitest';
import { LAZY_RULES } from '../../../testing/sample-rules.js';
import { openSqlite } from '../../open-sqlite.js';
import type { ReadingParts } from '../../reading/open-sqlite-for-reading.js';
import { backUpSqlite } from '../back-up-sqlite.js';

const EVERYTHING = [{ label: '__name__', operator: '!=', value: '' }] as const;
const NOTES = { name: 'notes' };

export const partsOf = (dataDir: string, rules: TsdbRules = LAZY_RULES): ReadingParts => ({
  ...{ dataDir, rules },
  clock: new ManualClock(),
  log: recordingLog(),
});

export function append({ samples }: Storage, timeMs: number): Promise<unknown> {
  const timesMs = Float64Array.of(timeMs);
  return samples.append({ series: [{ name: 'level', labels: {} }], timesMs, values: timesMs });
}

export async function timesIn(samples: Pick<SampleStore, 'select'>): Promise<readonly number[]> {
  const found = await samples.select(EVERYTHING, 0, 2 ** 50);
  return found.flatMap(({ timesMs }) => [...timesMs]);
}

/** Fills a folder with a store that was closed, with these times and one note. */
export async function storeWith(dataDir: string, ...timesMs: readonly number[]): Promise<string> {
  const store = await openSqlite(partsOf(dataDir));
  for (const timeMs of timesMs) await append(store, timeMs);
  await store.records.collection(NOTES).put('first', { text: `of ${timesMs.length}` });
  await store.close();
  return dataDir;
}

/** Backs a data folder up into another one; gives that. */
export async function backupOf(dataDir: string, folder: string): Promise<string> {
  await backUpSqlite(partsOf(dataDir), folder);
  return folder;
}

/** What {@link storeWith} has put there. */
export async function contentOf(dataDir: string): Promise<unknown> {
  const store = await openSqlite(partsOf(dataDir));
  try {
    const note = await store.records.collection(NOTES).get('first');
    return { times: await timesIn(store.samples), note: note?.value };
  } finally {
    await store.close();
  }
}

export const codeOf = (code: string): unknown => expect.objectContaining({ code });
