import assert from 'node:assert/strict';
import type { Collection } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { assertRefused, type StorageSubject, storeCase } from './storage-subject.js';

interface Note {
  readonly text?: string | null;
  readonly rank?: number | null;
  readonly more?: unknown;
}

const NOTES = { name: 'notes', indexes: { text: 'text', rank: 'number' } } as const;

/** Texts that trip up whoever builds SQL, JSON or file names out of them. */
const ODD_TEXTS = [
  "it's",
  '"quoted"',
  'a;b--c',
  '%_\\',
  '../up',
  ' padded ',
  'ä',
  'a\u0308',
  '😀',
  '\u{10ffff}',
  '\ufffd',
  'line\nbreak',
  '__proto__',
  'constructor',
  'null',
  '0',
  'A',
  'a',
  '?',
  '$1',
  ':name',
  '??',
];

const notesCase = (name: string, check: (notes: Collection<Note>) => Promise<void>) =>
  storeCase(name, (storage) => check(storage.records.collection<Note>(NOTES)));

/** What a single collection promises about single records. */
export const recordCases: readonly ConformanceCase<StorageSubject>[] = [
  notesCase('gives back what was put, with the version that put told', async (notes) => {
    const version = await notes.put('a', { text: 'first' });
    assert.deepEqual(await notes.get('a'), { key: 'a', value: { text: 'first' }, version });
  }),
  notesCase('has nothing under a key that was never put', async (notes) => {
    assert.equal(await notes.get('a'), undefined);
    assert.equal(await notes.delete('a'), false);
    assert.equal(await notes.count(), 0);
    assert.deepEqual(await notes.list(), { records: [] });
  }),
  notesCase('replaces the whole value when a key is put again, with a higher version', async (notes) => {
    const first = await notes.put('a', { text: 'first', rank: 1 });
    const second = await notes.put('a', { text: 'second' });
    assert.ok(second > first, `${second} is higher than ${first}`);
    assert.deepEqual(await notes.get('a'), { key: 'a', value: { text: 'second' }, version: second });
    assert.equal(await notes.count(), 1);
  }),
  notesCase('removes a record from everywhere when it is deleted', async (notes) => {
    await notes.put('a', { text: 'x', rank: 1 });
    assert.equal(await notes.delete('a'), true);
    assert.equal(await notes.get('a'), undefined);
    assert.equal(await notes.count(), 0);
    assert.deepEqual((await notes.list({ index: 'rank', equals: 1 })).records, []);
    assert.equal(await notes.delete('a'), false);
    await notes.put('a', { text: 'back' });
    assert.deepEqual((await notes.get('a'))?.value, { text: 'back' });
  }),
  notesCase('copies values in: a change after the call of put changes nothing stored', async (notes) => {
    const value = { text: 'before', more: { deep: [1] } };
    const putting = notes.put('a', value);
    value.text = 'after';
    value.more.deep.push(2);
    await putting;
    assert.deepEqual((await notes.get('a'))?.value, { text: 'before', more: { deep: [1] } });
  }),
  notesCase('copies values out: a change of what get gave changes nothing stored', async (notes) => {
    await notes.put('a', { more: [1] });
    const read = await notes.get('a');
    const [listed] = (await notes.list()).records;
    for (const record of [read, listed]) {
      assert.ok(record, 'the record is there');
      (record.value.more as number[]).push(2);
    }
    assert.deepEqual((await notes.get('a'))?.value, { more: [1] });
  }),
  notesCase('keeps every kind of JSON value', async (notes) => {
    const values: unknown[] = [
      null,
      true,
      0,
      -1.5,
      1e300,
      Number.MAX_SAFE_INTEGER,
      '',
      'text \0 with a NUL',
      '\ud800',
      [],
      [null, [1]],
      {},
      { nested: { list: [{ a: 1 }] } },
      'x'.repeat(200_000),
    ];
    for (const [index, more] of values.entries()) await notes.put(`v${index}`, { more });
    for (const [index, more] of values.entries())
      assert.deepEqual((await notes.get(`v${index}`))?.value, { more });
  }),
  notesCase('keeps odd keys and odd indexed texts apart, and finds each', async (notes) => {
    for (const text of ODD_TEXTS) await notes.put(text, { text });
    assert.equal(await notes.count(), ODD_TEXTS.length);
    for (const text of ODD_TEXTS) {
      assert.deepEqual((await notes.get(text))?.value, { text });
      const { records } = await notes.list({ index: 'text', equals: text });
      assert.deepEqual(
        records.map(({ key }) => key),
        [text],
      );
    }
  }),
  notesCase('refuses keys that some store could not keep, and has nothing under them', async (notes) => {
    const longest = '😀'.repeat(128);
    for (const key of ['', 'a\0b', '\ud83d', `${longest}x`]) {
      await assertRefused('STORAGE_INVALID', () => notes.put(key, {}));
      assert.equal(await notes.get(key), undefined);
      assert.equal(await notes.delete(key), false);
    }
    await notes.put(longest, { text: 'x'.repeat(1_536) });
    assert.equal((await notes.get(longest))?.key, longest);
  }),
  notesCase(
    'refuses values that are no JSON or do not fit an index, and keeps what was there',
    async (notes) => {
      await notes.put('a', { text: 'kept' });
      const circle: { more?: unknown } = {};
      circle.more = circle;
      const unfit: unknown[] = [
        undefined,
        () => 1,
        circle,
        { more: 1n },
        { text: 1 },
        { rank: '1' },
        { text: 'x'.repeat(1_537) },
        { text: '\0' },
      ];
      for (const value of unfit) await assertRefused('STORAGE_INVALID', () => notes.put('a', value as Note));
      assert.deepEqual((await notes.get('a'))?.value, { text: 'kept' });
    },
  ),
  storeCase('gives versions that grow with every change, over all collections', async ({ records }) => {
    const [left, right] = [records.collection({ name: 'left' }), records.collection({ name: 'right' })];
    const versions: number[] = [];
    for (let round = 0; round < 5; round++) {
      versions.push(await left.put('same', round), await right.put('same', round));
      await left.delete('same');
    }
    for (let index = 1; index < versions.length; index++) {
      assert.ok(
        (versions[index] as number) > (versions[index - 1] as number),
        `versions grow: ${versions.join(', ')}`,
      );
    }
  }),
  notesCase('puts under a condition only while the version is the same', async (notes) => {
    const first = await notes.put('a', { text: 'first' }, { ifVersion: 0 });
    const second = await notes.put('a', { text: 'second' }, { ifVersion: first });
    await assertRefused('STORAGE_CONFLICT', () => notes.put('a', { text: 'late' }, { ifVersion: first }));
    await assertRefused('STORAGE_CONFLICT', () => notes.put('a', { text: 'late' }, { ifVersion: 0 }));
    assert.deepEqual(await notes.get('a'), { key: 'a', value: { text: 'second' }, version: second });
    await assertRefused('STORAGE_CONFLICT', () => notes.put('b', {}, { ifVersion: second }));
    assert.equal(await notes.get('b'), undefined);
  }),
  notesCase('a record that was deleted and put again does not meet its old version', async (notes) => {
    const before = await notes.put('a', { text: 'old' });
    await notes.delete('a');
    await notes.put('a', { text: 'new' }, { ifVersion: 0 });
    await assertRefused('STORAGE_CONFLICT', () => notes.put('a', { text: 'late' }, { ifVersion: before }));
  }),
  notesCase('lets exactly one of many conditional puts at the same time win', async (notes) => {
    const version = await notes.put('a', { rank: 0 });
    const attempts = Array.from({ length: 10 }, (_, rank) =>
      notes.put('a', { rank: rank + 1 }, { ifVersion: version }),
    );
    const outcomes = await Promise.allSettled(attempts);
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    assert.deepEqual((await notes.get('a'))?.value, { rank: winner + 1 });
  }),
  notesCase('keeps every one of many puts at the same time, in the order of the calls', async (notes) => {
    const versions = await Promise.all(
      Array.from({ length: 50 }, (_, rank) => notes.put(`k${rank % 10}`, { rank })),
    );
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
    for (let key = 0; key < 10; key++)
      assert.deepEqual((await notes.get(`k${key}`))?.value, { rank: 40 + key });
  }),
  storeCase('keeps collections apart, also those whose names begin alike', async ({ records }) => {
    const names = ['a', 'a_b', 'a__b', 'order', 'select', 'store_meta', 'key', `c${'x'.repeat(47)}`];
    for (const name of names) await records.collection<string>({ name }).put('same', name);
    await records.collection({ name: 'a' }).delete('same');
    for (const name of names.slice(1))
      assert.equal((await records.collection({ name }).get('same'))?.value, name);
    assert.equal(await records.collection({ name: 'a' }).count(), 0);
  }),
  storeCase('refuses declarations that no store could keep', async ({ records }) => {
    for (const name of ['', 'Notes', 'a-b', '1a', 'a b', 'a"; drop table notes; --', 'x'.repeat(49)]) {
      await assertRefused('STORAGE_INVALID', () => records.collection({ name }).count());
    }
    for (const index of ['', 'a b', 'a"b', '1', 'x'.repeat(49)]) {
      await assertRefused('STORAGE_INVALID', () =>
        records.collection({ name: 'notes', indexes: { [index]: 'text' } }).count(),
      );
    }
    await assertRefused('STORAGE_INVALID', () =>
      records.collection({ name: 'notes', indexes: { at: 'number', AT: 'number' } }).count(),
    );
  }),
  storeCase('refuses a collection that is declared again with other indexes', async ({ records }) => {
    await records.collection(NOTES).count();
    await records.collection({ name: 'notes', indexes: { rank: 'number', text: 'text' } }).count();
    await assertRefused('STORAGE_INVALID', () => records.collection({ name: 'notes' }).count());
    await assertRefused('STORAGE_INVALID', () =>
      records.collection({ name: 'notes', indexes: { text: 'number', rank: 'number' } }).count(),
    );
  }),
];
