import assert from 'node:assert/strict';
import type { Collection, ListQuery } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { assertRefused, type StorageSubject, storeCase } from './storage-subject.js';

interface Task {
  readonly host?: string | null;
  readonly dueMs?: number | null;
}

const TASKS = { name: 'tasks', indexes: { host: 'text', dueMs: 'number' } } as const;

const tasksCase = (name: string, check: (tasks: Collection<Task>) => Promise<void>) =>
  storeCase(name, (storage) => check(storage.records.collection<Task>(TASKS)));

async function putAll(tasks: Collection<Task>, values: Readonly<Record<string, Task>>): Promise<void> {
  for (const [key, value] of Object.entries(values)) await tasks.put(key, value);
}

async function keys(tasks: Collection<Task>, query?: ListQuery): Promise<string[]> {
  return (await tasks.list(query)).records.map(({ key }) => key);
}

/** All keys of a list, page by page. */
async function keysOfPages(tasks: Collection<Task>, query: ListQuery): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await tasks.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.records.map(({ key }) => key));
    if (page.nextCursor === undefined) return pages;
    assert.ok(page.records.length > 0, 'a page with a next one is not empty');
    assert.ok(pages.length < 100, 'the pages come to an end');
    cursor = page.nextCursor;
  }
}

const SOME_TASKS: Readonly<Record<string, Task>> = {
  a: { host: 'nas', dueMs: 30 },
  b: { host: 'nas', dueMs: -1.5 },
  c: { host: 'pve', dueMs: 30 },
  d: { host: 'pve' },
  e: { dueMs: null, host: 'cam' },
  f: {},
};

/** What lists, counts and deletions by query promise. */
export const listCases: readonly ConformanceCase<StorageSubject>[] = [
  tasksCase('lists by key in the order of code points, whatever the collation', async (tasks) => {
    // U+FFFD stands before U+1F600 by code point, and behind it by UTF-16 units.
    const ordered = ['!', '0', '10', '9', 'A', 'Z', '_', 'a', 'a b', 'ab', 'z', 'ä', '\ufffd', '😀'];
    for (const key of ordered.toReversed()) await tasks.put(key, { host: key });
    assert.deepEqual(await keys(tasks), ordered);
    assert.deepEqual(await keys(tasks, { index: 'host' }), ordered);
    assert.deepEqual(await keys(tasks, { from: 'z', to: '\ufffd' }), ['z', 'ä', '\ufffd']);
    assert.deepEqual(await keys(tasks, { index: 'host', from: '\ufffd' }), ['\ufffd', '😀']);
  }),
  tasksCase('lists by an index, ties by key, and descending as the exact reverse', async (tasks) => {
    await putAll(tasks, SOME_TASKS);
    assert.deepEqual(await keys(tasks, { index: 'dueMs' }), ['b', 'a', 'c']);
    assert.deepEqual(await keys(tasks, { index: 'dueMs', order: 'descending' }), ['c', 'a', 'b']);
    assert.deepEqual(await keys(tasks, { index: 'host', order: 'descending' }), ['d', 'c', 'b', 'a', 'e']);
    assert.deepEqual(await keys(tasks, { order: 'descending' }), ['f', 'e', 'd', 'c', 'b', 'a']);
  }),
  tasksCase('orders numbers as numbers', async (tasks) => {
    const numbers = [
      -1e300,
      -10,
      -9,
      -0.5,
      0,
      1e-9,
      2,
      10,
      1_767_225_600_000,
      Number.MAX_SAFE_INTEGER,
      1e300,
    ];
    for (const dueMs of numbers.toReversed()) await tasks.put(`k${dueMs}`, { dueMs });
    assert.deepEqual(
      await keys(tasks, { index: 'dueMs' }),
      numbers.map((dueMs) => `k${dueMs}`),
    );
    for (const dueMs of numbers)
      assert.deepEqual(await keys(tasks, { index: 'dueMs', equals: dueMs }), [`k${dueMs}`]);
  }),
  tasksCase('leaves records without a value out of an index, null and missing alike', async (tasks) => {
    await putAll(tasks, SOME_TASKS);
    assert.deepEqual(await keys(tasks, { index: 'host' }), ['e', 'a', 'b', 'c', 'd']);
    assert.equal(await tasks.count({ index: 'dueMs' }), 3);
    assert.equal(await tasks.count(), 6);
  }),
  tasksCase('leaves a number that JSON cannot say out of an index', async (tasks) => {
    await putAll(tasks, {
      a: { dueMs: Number.NaN },
      b: { dueMs: Number.POSITIVE_INFINITY },
      c: { dueMs: 1 },
    });
    assert.deepEqual(await keys(tasks, { index: 'dueMs' }), ['c']);
    assert.deepEqual((await tasks.get('a'))?.value, { dueMs: null });
  }),
  tasksCase('takes bounds as inclusive, on keys, texts and numbers', async (tasks) => {
    await putAll(tasks, SOME_TASKS);
    assert.deepEqual(await keys(tasks, { from: 'b', to: 'd' }), ['b', 'c', 'd']);
    assert.deepEqual(await keys(tasks, { equals: 'c' }), ['c']);
    assert.deepEqual(await keys(tasks, { index: 'dueMs', from: -1.5, to: 30 }), ['b', 'a', 'c']);
    assert.deepEqual(await keys(tasks, { index: 'dueMs', from: -1.4 }), ['a', 'c']);
    assert.deepEqual(await keys(tasks, { index: 'dueMs', to: 29 }), ['b']);
    assert.deepEqual(await keys(tasks, { index: 'host', from: 'd', to: 'nas' }), ['a', 'b']);
    assert.deepEqual(await keys(tasks, { index: 'host', equals: 'pve', order: 'descending' }), ['d', 'c']);
    assert.deepEqual(await keys(tasks, { from: 'x', to: 'b' }), []);
  }),
  tasksCase(
    'moves a record in an index when its value changes, and takes it out when it goes',
    async (tasks) => {
      await tasks.put('a', { host: 'nas', dueMs: 1 });
      await tasks.put('a', { host: 'pve', dueMs: 2 });
      assert.deepEqual(await keys(tasks, { index: 'host', equals: 'nas' }), []);
      assert.deepEqual(await keys(tasks, { index: 'host', equals: 'pve' }), ['a']);
      await tasks.put('a', { host: 'pve' });
      assert.deepEqual(await keys(tasks, { index: 'dueMs' }), []);
    },
  ),
  tasksCase('turns pages: every record once, in order, the last page without a cursor', async (tasks) => {
    for (let index = 0; index < 10; index++)
      await tasks.put(`k${index}`, { host: `h${index % 3}`, dueMs: index % 4 });
    assert.deepEqual(await keysOfPages(tasks, { limit: 4 }), [
      ['k0', 'k1', 'k2', 'k3'],
      ['k4', 'k5', 'k6', 'k7'],
      ['k8', 'k9'],
    ]);
    for (const index of ['host', 'dueMs']) {
      for (const order of ['ascending', 'descending'] as const) {
        const all = await keys(tasks, { index, order });
        for (const limit of [1, 3, 5, 10])
          assert.deepEqual((await keysOfPages(tasks, { index, order, limit })).flat(), all);
      }
    }
    assert.equal((await tasks.list({ limit: 10 })).nextCursor, undefined);
  }),
  tasksCase('keeps to the bounds on every page', async (tasks) => {
    for (let index = 0; index < 9; index++) await tasks.put(`k${index}`, { dueMs: index });
    const pages = await keysOfPages(tasks, { index: 'dueMs', from: 2, to: 6, limit: 2, order: 'descending' });
    assert.deepEqual(pages, [['k6', 'k5'], ['k4', 'k3'], ['k2']]);
  }),
  tasksCase('goes on at the right place though records come and go between two pages', async (tasks) => {
    for (const key of ['b', 'd', 'f', 'h']) await tasks.put(key, { dueMs: 1 });
    for (const query of [{}, { index: 'dueMs' }]) {
      const first = await tasks.list({ ...query, limit: 2 });
      assert.deepEqual(
        first.records.map(({ key }) => key),
        ['b', 'd'],
      );
      const rest = async () => keys(tasks, { ...query, cursor: first.nextCursor as string });
      await tasks.delete('b');
      await tasks.delete('d');
      await tasks.put('e', { dueMs: 1 });
      assert.deepEqual(await rest(), ['e', 'f', 'h']);
      await putAll(tasks, { a: { dueMs: 1 }, b: { dueMs: 1 }, c: { dueMs: 1 }, d: { dueMs: 1 } });
      assert.deepEqual(await rest(), ['e', 'f', 'h']);
      for (const key of ['a', 'c', 'e']) await tasks.delete(key);
    }
  }),
  tasksCase('gives 100 records unless asked for more, and never more than 1000', async (tasks) => {
    await Promise.all(Array.from({ length: 1_002 }, (_, index) => tasks.put(`k${index}`, {})));
    assert.equal((await tasks.list()).records.length, 100);
    const page = await tasks.list({ limit: 5_000 });
    assert.equal(page.records.length, 1_000);
    assert.equal((await tasks.list({ cursor: page.nextCursor as string })).records.length, 2);
    assert.equal(await tasks.count(), 1_002);
  }),
  tasksCase('refuses cursors that it has not given for this order', async (tasks) => {
    for (let index = 0; index < 4; index++) await tasks.put(`k${index}`, { host: 'nas', dueMs: index });
    const byKey = (await tasks.list({ limit: 1 })).nextCursor as string;
    const byHost = (await tasks.list({ index: 'host', limit: 1 })).nextCursor as string;
    const foreign = ['', 'x', '"; drop table', 'WyJhIg', 'e30', 'bnVsbA', `${byKey}x`.repeat(3)];
    for (const cursor of foreign) await assertRefused('STORAGE_INVALID', () => tasks.list({ cursor }));
    await assertRefused('STORAGE_INVALID', () => tasks.list({ index: 'host', cursor: byKey }));
    await assertRefused('STORAGE_INVALID', () => tasks.list({ index: 'dueMs', cursor: byHost }));
    await assertRefused('STORAGE_INVALID', () => tasks.list({ cursor: byHost }));
  }),
  tasksCase('refuses queries that do not fit the declaration', async (tasks) => {
    await putAll(tasks, SOME_TASKS);
    const unfit: ListQuery[] = [
      { index: 'missing' },
      { index: 'key' },
      { index: 'constructor' },
      { index: 'host', equals: 1 },
      { index: 'dueMs', from: '1' },
      { index: 'dueMs', to: Number.NaN },
      { equals: 1 },
      { from: 'a\0' },
      { limit: 0 },
      { limit: 1.5 },
    ];
    for (const query of unfit) await assertRefused('STORAGE_INVALID', () => tasks.list(query));
    for (const query of unfit.slice(0, 8)) {
      await assertRefused('STORAGE_INVALID', () => tasks.count(query));
      await assertRefused('STORAGE_INVALID', () => tasks.deleteWhere(query));
    }
    assert.equal(await tasks.count(), 6);
  }),
  tasksCase('counts and deletes exactly what a list without a limit would show', async (tasks) => {
    await putAll(tasks, SOME_TASKS);
    const query = { index: 'dueMs', from: 0, to: 30 } as const;
    assert.equal(await tasks.count(query), 2);
    assert.equal(await tasks.deleteWhere(query), 2);
    assert.deepEqual(await keys(tasks), ['b', 'd', 'e', 'f']);
    assert.equal(await tasks.deleteWhere({ index: 'host', equals: 'none' }), 0);
    assert.equal(await tasks.deleteWhere({ index: 'host' }), 3);
    assert.deepEqual(await keys(tasks), ['f']);
    assert.equal(await tasks.deleteWhere({}), 1);
    assert.equal(await tasks.count(), 0);
  }),
];
