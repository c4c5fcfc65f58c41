import assert from 'node:assert/strict';
import type { Series } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import {
  ALL_TIME,
  batchOf,
  is,
  STALENESS_BITS,
  samplesOf,
  selectOne,
  seriesTexts,
} from './sample-batches.js';
import { assertRefused, reopeningCase, type StorageSubject } from './storage-subject.js';

const PLAIN = { name: 'servers' } as const;
const INDEXED = { name: 'servers', indexes: { rank: 'number', host: 'text' } } as const;
const UP: Series = { name: 'up', labels: { instance: 'nas' } };
const LOAD: Series = { name: 'load', labels: { instance: 'nas' } };

/** What a store that keeps its data promises of records. */
export const durableRecordCases: readonly ConformanceCase<StorageSubject>[] = [
  reopeningCase(
    'has the same records and versions after it was closed and opened',
    async ({ records }, reopen) => {
      const version = await records.collection(INDEXED).put('a', { rank: 1, host: '😀' });
      await records.collection(INDEXED).put('b', { rank: 2 });
      await records.collection(INDEXED).delete('b');
      const again = (await reopen()).records.collection(INDEXED);
      assert.deepEqual((await again.list({ index: 'host' })).records, [
        { key: 'a', value: { rank: 1, host: '😀' }, version },
      ]);
      assert.equal(await again.count(), 1);
    },
  ),
  reopeningCase('never gives a version again, not after opening either', async ({ records }, reopen) => {
    const versions = [
      await records.collection(PLAIN).put('a', 1),
      await records.collection(PLAIN).put('a', 2),
    ];
    await records.collection(PLAIN).delete('a');
    for (let round = 0; round < 3; round++) {
      versions.push(await (await reopen()).records.collection(PLAIN).put('a', round));
    }
    assert.deepEqual(
      versions,
      [...new Set(versions)].sort((a, b) => a - b),
      'versions grow and none repeats',
    );
  }),
  reopeningCase('fills a new index from the records that were there', async ({ records }, reopen) => {
    const before = records.collection(PLAIN);
    for (let rank = 0; rank < 1_200; rank++) void before.put(`k${rank}`, { rank, host: `h${rank % 7}` });
    await before.put('odd', { rank: 'not a number', host: null });
    const after = (await reopen()).records.collection(INDEXED);
    assert.equal(await after.count({ index: 'host', equals: 'h3' }), 171);
    assert.deepEqual(
      (await after.list({ index: 'rank', from: 1_199 })).records.map(({ key }) => key),
      ['k1199'],
    );
    assert.equal(await after.count({ index: 'rank' }), 1_200);
    assert.equal(await after.count(), 1_201);
    await after.put('k0', { rank: 5_000 });
    assert.deepEqual(
      (await after.list({ index: 'rank', from: 1_200 })).records.map(({ key }) => key),
      ['k0'],
    );
  }),
  reopeningCase(
    'drops an index that is no longer declared, and fills it again when it comes back',
    async ({ records }, reopen) => {
      await records.collection(INDEXED).put('a', { rank: 1, host: 'nas' });
      const without = (await reopen()).records.collection<unknown>(PLAIN);
      await assertRefused('STORAGE_INVALID', () => without.list({ index: 'rank' }));
      await without.put('a', { rank: 2, host: 5 });
      await without.put('b', { rank: 3 });
      const again = (await reopen()).records.collection(INDEXED);
      assert.deepEqual(
        (await again.list({ index: 'rank' })).records.map(({ key }) => key),
        ['a', 'b'],
      );
      assert.equal(await again.count({ index: 'host' }), 0);
    },
  ),
  reopeningCase('follows an index that changes from number to text', async ({ records }, reopen) => {
    await records.collection(INDEXED).put('a', { rank: 1 });
    const texts = { name: 'servers', indexes: { rank: 'text', host: 'text' } } as const;
    const after = (await reopen()).records.collection<{ rank: string }>(texts);
    assert.equal(await after.count({ index: 'rank' }), 0);
    await after.put('b', { rank: '10' });
    assert.equal(await after.count({ index: 'rank', equals: '10' }), 1);
  }),
];

/** What a store that keeps its data promises of samples. */
export const durableSampleCases: readonly ConformanceCase<StorageSubject>[] = [
  reopeningCase(
    'has the same samples after it was closed and opened, bit for bit',
    async ({ samples }, reopen) => {
      await samples.append(
        batchOf([
          [UP, 1_000, 1],
          [LOAD, 1_000, STALENESS_BITS],
          [UP, 500, -0],
        ]),
      );
      await samples.append(batchOf([[UP, 1_000, 2]]));
      const again = (await reopen()).samples;
      assert.deepEqual(await selectOne(again, is('__name__', 'up')), samplesOf([500, -0], [1_000, 1]));
      assert.deepEqual(await selectOne(again, is('__name__', 'load')), samplesOf([1_000, STALENESS_BITS]));
      assert.deepEqual(seriesTexts(await again.series([])), seriesTexts([UP, LOAD]));
      const { series, oldestMs, newestMs } = await again.stats();
      assert.deepEqual([series, oldestMs, newestMs], [2, 500, 1_000]);
    },
  ),
  reopeningCase('goes on with a series that was there before', async ({ samples }, reopen) => {
    await samples.append(batchOf([[UP, 1_000, 1]]));
    const second = (await reopen()).samples;
    await second.append(
      batchOf([
        [UP, 2_000, 2],
        [LOAD, 2_000, 2],
        [UP, 1_000, 9],
      ]),
    );
    const third = (await reopen()).samples;
    await third.append(batchOf([[LOAD, 3_000, 3]]));
    assert.deepEqual(await selectOne(third, is('__name__', 'up')), samplesOf([1_000, 1], [2_000, 2]));
    assert.deepEqual(await selectOne(third, is('__name__', 'load')), samplesOf([2_000, 2], [3_000, 3]));
    assert.equal((await third.series([])).length, 2);
  }),
  reopeningCase('does not bring deleted samples and series back', async ({ samples }, reopen) => {
    await samples.append(
      batchOf([
        [UP, 1_000, 1],
        [UP, 2_000, 2],
        [LOAD, 1_000, 1],
      ]),
    );
    await samples.delete([is('__name__', 'up')], 1_000, 1_000);
    await samples.delete([is('__name__', 'load')], ...ALL_TIME);
    const again = (await reopen()).samples;
    assert.deepEqual(await selectOne(again, is('__name__', 'up')), samplesOf([2_000, 2]));
    assert.deepEqual(await again.series([]), [UP]);
    await again.append(batchOf([[LOAD, 5_000, 5]]));
    assert.deepEqual(
      await selectOne((await reopen()).samples, is('__name__', 'load')),
      samplesOf([5_000, 5]),
    );
  }),
];

/** What a store that keeps its data promises of its end. */
export const closingCases: readonly ConformanceCase<StorageSubject>[] = [
  reopeningCase('closes as often as asked, and refuses work after that', async (storage) => {
    await storage.records.collection(PLAIN).put('a', 1);
    await Promise.all([storage.close(), storage.close()]);
    await storage.close();
    await assertRefused('STORAGE_UNAVAILABLE', () => storage.records.collection(PLAIN).get('a'));
    await assertRefused('STORAGE_UNAVAILABLE', () => storage.records.collection(PLAIN).put('a', 2));
    await assertRefused('STORAGE_UNAVAILABLE', () => storage.samples.append(batchOf([[UP, 1, 1]])));
    assert.notEqual(await storage.health(), 'ok');
  }),
  reopeningCase('finishes what was begun before it closes', async ({ records, samples, close }, reopen) => {
    const begun = [
      ...Array.from({ length: 20 }, (_, index) => records.collection(PLAIN).put(`k${index}`, index)),
      samples.append(batchOf([[UP, 1_000, 1]])),
    ];
    await close();
    await Promise.all(begun);
    const again = await reopen();
    assert.equal(await again.records.collection(PLAIN).count(), 20);
    assert.deepEqual(await selectOne(again.samples, is('__name__', 'up')), samplesOf([1_000, 1]));
  }),
];

/** What every open store says of itself. */
export const healthCases: readonly ConformanceCase<StorageSubject>[] = [
  reopeningCase('is well while it is open', async (storage) => {
    assert.equal(await storage.health(), 'ok');
    await storage.records.collection(PLAIN).put('a', 1);
    assert.equal(await storage.health(), 'ok');
  }),
];
