import assert from 'node:assert/strict';
import { LabkeeperError, type Storage } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { assertRefused, type StorageSubject, storeCase } from './storage-subject.js';

const COUNTERS = { name: 'counters', indexes: { count: 'number' } } as const;
const EVENTS = { name: 'events' } as const;

interface Counter {
  readonly count: number;
}

class Unwanted extends Error {
  override readonly name = 'Unwanted';
}

/** Reads, yields to everybody else, and writes one more: loses counts unless transactions take turns. */
function increment({ records }: Storage): Promise<number> {
  return records.transaction(async (transaction) => {
    const counters = transaction.collection<Counter>(COUNTERS);
    const before = await counters.get('total');
    const count = (before?.value.count ?? 0) + 1;
    await new Promise((resolve) => setImmediate(resolve));
    return counters.put('total', { count });
  });
}

/** What transactions promise. */
export const transactionCases: readonly ConformanceCase<StorageSubject>[] = [
  storeCase(
    'keeps everything that a transaction did, in all collections, and gives its result',
    async ({ records }) => {
      const result = await records.transaction(async (transaction) => {
        await transaction.collection(COUNTERS).put('a', { count: 1 });
        await transaction.collection(EVENTS).put('b', 'happened');
        return 'done';
      });
      assert.equal(result, 'done');
      assert.deepEqual((await records.collection(COUNTERS).get('a'))?.value, { count: 1 });
      assert.equal((await records.collection(EVENTS).get('b'))?.value, 'happened');
    },
  ),
  storeCase(
    'undoes everything when the work rejects, and rejects with the same error',
    async ({ records }) => {
      const [counters, events] = [records.collection<Counter>(COUNTERS), records.collection(EVENTS)];
      const version = await counters.put('changed', { count: 1 });
      await counters.put('deleted', { count: 2 });
      const unwanted = new Unwanted('no');
      const failing = records.transaction(async (transaction) => {
        const inside = transaction.collection<Counter>(COUNTERS);
        await inside.put('changed', { count: 9 });
        await inside.put('added', { count: 9 });
        await inside.delete('deleted');
        await inside.deleteWhere({ index: 'count', from: 0 });
        await transaction.collection(EVENTS).put('added', 1);
        throw unwanted;
      });
      await assert.rejects(failing, (error) => error === unwanted);
      assert.deepEqual(await counters.get('changed'), { key: 'changed', value: { count: 1 }, version });
      assert.equal(await counters.get('added'), undefined);
      assert.deepEqual(
        (await counters.list({ index: 'count' })).records.map(({ key }) => key),
        ['changed', 'deleted'],
      );
      assert.equal(await events.count(), 0);
    },
  ),
  storeCase('sees its own changes in every way of reading', async ({ records }) => {
    await records.collection(COUNTERS).put('old', { count: 1 });
    await records.transaction(async (transaction) => {
      const inside = transaction.collection<Counter>(COUNTERS);
      await inside.put('new', { count: 2 });
      await inside.delete('old');
      assert.deepEqual((await inside.get('new'))?.value, { count: 2 });
      assert.equal(await inside.get('old'), undefined);
      assert.deepEqual(
        (await inside.list({ index: 'count' })).records.map(({ key }) => key),
        ['new'],
      );
      assert.equal(await inside.count(), 1);
    });
  }),
  storeCase('shows nobody a transaction before it is kept', async ({ records }) => {
    const outside = records.collection<Counter>(COUNTERS);
    await outside.put('a', { count: 1 });
    let looking: Promise<unknown> | undefined;
    await records.transaction(async (transaction) => {
      const inside = transaction.collection<Counter>(COUNTERS);
      await inside.put('a', { count: 2 });
      // Not awaited here: it may be answered at once, from before, or have to wait for the end.
      looking = outside.get('a').then((record) => record?.value.count);
      await new Promise((resolve) => setImmediate(resolve));
      await inside.put('a', { count: 3 });
    });
    const seen = await looking;
    assert.ok(seen === 1 || seen === 3, `seen was ${String(seen)}`);
    assert.deepEqual((await outside.get('a'))?.value, { count: 3 });
  }),
  storeCase('runs transactions one after the other: none loses what another counted', async (storage) => {
    await Promise.all(Array.from({ length: 20 }, () => increment(storage)));
    assert.deepEqual((await storage.records.collection<Counter>(COUNTERS).get('total'))?.value, {
      count: 20,
    });
  }),
  storeCase(
    'keeps the order of puts and transactions that were begun one after the other',
    async ({ records }) => {
      const events = records.collection<string>(EVENTS);
      await Promise.all([
        events.put('a', 'first'),
        records.transaction(async (transaction) => {
          const before = await transaction.collection<string>(EVENTS).get('a');
          await transaction.collection<string>(EVENTS).put('a', `${before?.value}, second`);
        }),
        events.put('b', 'third'),
        records.transaction(async (transaction) => {
          const before = await transaction.collection<string>(EVENTS).get('b');
          await transaction.collection<string>(EVENTS).put('b', `${before?.value}, fourth`);
        }),
      ]);
      assert.equal((await events.get('a'))?.value, 'first, second');
      assert.equal((await events.get('b'))?.value, 'third, fourth');
    },
  ),
  storeCase(
    'goes on after a failed transaction, and gives none of its versions again',
    async ({ records }) => {
      const events = records.collection(EVENTS);
      const versions: number[] = [await events.put('a', 0)];
      for (let round = 0; round < 3; round++) {
        const failing = records.transaction(async (transaction) => {
          versions.push(await transaction.collection(EVENTS).put('a', round));
          throw new Unwanted('no');
        });
        await assert.rejects(failing, Unwanted);
        versions.push(await events.put('b', round));
      }
      assert.deepEqual(
        versions,
        [...new Set(versions)].sort((a, b) => a - b),
        'versions grow and none repeats',
      );
    },
  ),
  storeCase('lets the work go on after a conflict that it caught', async ({ records }) => {
    await records.transaction(async (transaction) => {
      const inside = transaction.collection<Counter>(COUNTERS);
      await inside.put('a', { count: 1 });
      await assertRefused('STORAGE_CONFLICT', () => inside.put('a', { count: 2 }, { ifVersion: 0 }));
      await inside.put('b', { count: 3 });
    });
    const { records: kept } = await records.collection<Counter>(COUNTERS).list();
    assert.deepEqual(
      kept.map(({ value }) => value.count),
      [1, 3],
    );
  }),
  storeCase('undoes the whole transaction when a conflict is not caught', async ({ records }) => {
    const failing = records.transaction(async (transaction) => {
      await transaction.collection(EVENTS).put('a', 1);
      await transaction.collection(EVENTS).put('a', 2, { ifVersion: 0 });
    });
    await assert.rejects(
      failing,
      (error) => error instanceof LabkeeperError && error.code === 'STORAGE_CONFLICT',
    );
    assert.equal(await records.collection(EVENTS).count(), 0);
  }),
  storeCase(
    'can use a collection that a failed transaction was the first to declare',
    async ({ records }) => {
      const failing = records.transaction(async (transaction) => {
        await transaction.collection<Counter>(COUNTERS).put('a', { count: 1 });
        throw new Unwanted('no');
      });
      await assert.rejects(failing, Unwanted);
      const counters = records.collection<Counter>(COUNTERS);
      assert.equal(await counters.count(), 0);
      await counters.put('a', { count: 2 });
      assert.equal(await counters.count({ index: 'count', equals: 2 }), 1);
    },
  ),
  storeCase('checks conditions one after the other also within a transaction', async ({ records }) => {
    await records.transaction(async (transaction) => {
      const inside = transaction.collection<Counter>(COUNTERS);
      const puts = [1, 2, 3].map((count) => inside.put('a', { count }, { ifVersion: 0 }));
      const outcomes = await Promise.allSettled(puts);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'rejected'],
      );
    });
  }),
];
