import { LabkeeperError, type Series } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { openWithConnections } from '../testing/open-with-connections.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

const newFolder = temporaryFolder();
const UP: Series = { name: 'up', labels: {} };
const matchers = [{ label: '__name__', operator: '=', value: 'up' }] as const;

/** Faults of a disk, played by SQLite itself: what it reports to us is what it reports of a real one. */
const FAULTS = [
  {
    name: 'a full disk',
    begin: 'PRAGMA max_page_count = 1',
    end: 'PRAGMA max_page_count = 1000000',
    says: 'the disk is full',
  },
  {
    name: 'a read-only database',
    begin: 'PRAGMA query_only = ON',
    end: 'PRAGMA query_only = OFF',
    says: 'the database is read-only',
  },
] as const;

describe.each(FAULTS)('$name', ({ begin, end, says }) => {
  it('is STORAGE_UNAVAILABLE, loses nothing that was stored, and is over as soon as writing works again', async () => {
    const { store, connections } = await openWithConnections(await newFolder());
    const notes = store.records.collection<string>({ name: 'notes' });
    await notes.put('before', 'x');
    await store.samples.append({ series: [UP], timesMs: [1], values: [1] });
    await connections.writer.raw(begin);
    const attempts = [
      () => notes.put('large', 'x'.repeat(100_000)),
      () =>
        store.records.transaction(async (transaction) =>
          transaction.collection({ name: 'notes' }).put('other', 'x'.repeat(100_000)),
        ),
    ];
    for (const attempt of attempts) {
      const error: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(LabkeeperError);
      expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE', message: says });
    }
    expect((await notes.get('before'))?.value).toBe('x');
    expect(await notes.count()).toBe(1);
    // Samples go into their journal, which is not in the database.
    await store.samples.append({
      series: Array<Series>(9_000).fill(UP),
      timesMs: Float64Array.from({ length: 9_000 }, (_, i) => i + 2),
      values: new Float64Array(9_000),
    });
    await connections.writer.raw(end);
    for (const attempt of attempts) await attempt();
    expect(await store.health()).toBe('ok');
    expect(await notes.count()).toBe(3);
    expect((await store.samples.select(matchers, 0, 10_000))[0]?.timesMs.length).toBe(9_001);
    await store.close();
  });
});

describe('health', () => {
  it('tells of a failed write until a write succeeds', async () => {
    const { store, connections } = await openWithConnections(await newFolder());
    const notes = store.records.collection({ name: 'notes' });
    await notes.put('a', 1);
    await connections.writer.raw('PRAGMA query_only = ON');
    expect(await store.health()).toBe('ok');
    await expect(notes.put('b', 2)).rejects.toThrow();
    expect(await store.health()).toEqual({ problem: 'the database is read-only' });
    await connections.writer.raw('PRAGMA query_only = OFF');
    await notes.put('b', 2);
    expect(await store.health()).toBe('ok');
    await store.close();
    expect(await store.health()).toEqual({ problem: 'the storage is closed' });
  });

  it('finds out by itself after a minute in which nobody wrote', async () => {
    const { store, connections, clock } = await openWithConnections(await newFolder());
    await connections.writer.raw('PRAGMA query_only = ON');
    await expect(store.records.collection({ name: 'notes' }).put('a', 1)).rejects.toThrow();
    await clock.advance(60_000);
    expect(await store.health()).toEqual({ problem: 'the database is read-only' });
    await connections.writer.raw('PRAGMA query_only = OFF');
    expect(await store.health()).toEqual({ problem: 'the database is read-only' });
    await clock.advance(60_000);
    expect(await store.health()).toBe('ok');
    await store.close();
  });

  it('does not count what a transaction’s own work throws', async () => {
    const { store } = await openWithConnections(await newFolder());
    const own = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(store.records.transaction(() => Promise.reject(own))).rejects.toBe(own);
    expect(await store.health()).toBe('ok');
    await store.close();
  });
});

it('keeps values out of the messages of errors, because they may be secrets', async () => {
  const { store, connections } = await openWithConnections(await newFolder());
  const notes = store.records.collection({ name: 'notes' });
  await notes.put('a', 1);
  await connections.writer.raw('PRAGMA query_only = ON');
  const error: unknown = await notes.put('key', 'sesame-open').catch((thrown: unknown) => thrown);
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    expect(`${cause.message} ${cause.stack}`).not.toContain('sesame');
  await store.close();
});
