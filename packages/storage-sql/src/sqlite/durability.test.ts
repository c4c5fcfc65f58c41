import type { Series } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import { describe, expect, it } from 'vitest';
import { openWithConnections, statementsOf } from '../testing/open-with-connections.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { SyncTimer } from './sync-timer.js';

const newFolder = temporaryFolder();
const UP: Series = { name: 'up', labels: {} };

describe('commits', () => {
  it('of records are synced, of samples not, and the connection is set accordingly each time', async () => {
    const { store, connections } = await openWithConnections(await newFolder());
    const notes = store.records.collection({ name: 'notes' });
    const synchronous = async () => {
      const [row] = (await connections.writer.raw('PRAGMA synchronous')) as { synchronous: number }[];
      return row?.synchronous;
    };
    await notes.put('a', 1);
    expect(await synchronous()).toBe(2);
    await store.samples.append({ series: [UP], timesMs: [1], values: [1] });
    expect(await synchronous()).toBe(1);
    await store.records.transaction(async (transaction) =>
      transaction.collection({ name: 'notes' }).put('b', 1),
    );
    expect(await synchronous()).toBe(2);
    await store.close();
  });

  it('of puts at the same time are one', async () => {
    const { store, connections } = await openWithConnections(await newFolder());
    const notes = store.records.collection({ name: 'notes' });
    await notes.put('first', 0);
    const statements = statementsOf(connections);
    await Promise.all(Array.from({ length: 200 }, (_, index) => notes.put(`k${index}`, index)));
    expect(statements.filter((sql) => sql === 'COMMIT;').length).toBe(1);
    expect(await notes.count()).toBe(201);
    await store.close();
  });

  it('of one put that is refused among many keep the others', async () => {
    const { store } = await openWithConnections(await newFolder());
    const notes = store.records.collection<number>({ name: 'notes' });
    const version = await notes.put('taken', 0);
    const outcomes = await Promise.allSettled([
      notes.put('a', 1),
      notes.put('taken', 2, { ifVersion: version + 5 }),
      notes.put('b', 3),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await notes.list()).records.map(({ key, value }) => [key, value])).toEqual([
      ['a', 1],
      ['b', 3],
      ['taken', 0],
    ]);
    await store.close();
  });
});

describe('the sync of samples', () => {
  function timer(sync: () => Promise<void>) {
    const [clock, log] = [new ManualClock(), recordingLog()];
    return { clock, log, timer: new SyncTimer({ clock, log, withinMs: 10_000, sync }) };
  }

  it('comes within its time after the first append, once for all appends until then', async () => {
    let syncs = 0;
    const { clock, timer: syncTimer } = timer(async () => {
      syncs += 1;
    });
    syncTimer.note();
    await clock.advance(9_000);
    syncTimer.note();
    expect(syncs).toBe(0);
    await clock.advance(1_000);
    expect(syncs).toBe(1);
    await clock.advance(60_000);
    expect(syncs).toBe(1);
    syncTimer.note();
    await clock.advance(10_000);
    expect(syncs).toBe(2);
  });

  it('leaves no timer when it is stopped', async () => {
    const { clock, timer: syncTimer } = timer(async () => undefined);
    syncTimer.note();
    syncTimer.stop();
    syncTimer.note();
    expect(clock.pendingTimers).toBe(0);
  });

  it('logs a failure and goes on', async () => {
    const { clock, log, timer: syncTimer } = timer(() => Promise.reject(new Error('the disk is full')));
    syncTimer.note();
    await clock.advance(10_000);
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'samples could not be synced to disk',
        fields: { reason: 'the disk is full' },
      },
    ]);
    syncTimer.note();
    expect(clock.pendingTimers).toBe(1);
  });
});
