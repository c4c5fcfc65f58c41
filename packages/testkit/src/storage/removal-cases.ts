import assert from 'node:assert/strict';
import type { SampleStore, Series } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { ALL_TIME, batchOf, is, samplesOf, selectOne, seriesTexts } from './sample-batches.js';
import { type StorageSubject, storeCase } from './storage-subject.js';

const UP: Series = { name: 'up', labels: { job: 'node', instance: 'nas' } };
const LOAD: Series = { name: 'node_load1', labels: { instance: 'nas' } };

const samplesCase = (name: string, check: (samples: SampleStore) => Promise<void>) =>
  storeCase(name, ({ samples }) => check(samples));

/** What deleting and counting samples promises. */
export const removalCases: readonly ConformanceCase<StorageSubject>[] = [
  samplesCase(
    'deletes what lies in the span of matching series, and says how many samples that was',
    async (samples) => {
      await samples.append(
        batchOf([
          [UP, 1, 1],
          [UP, 2, 2],
          [UP, 3, 3],
          [LOAD, 2, 2],
        ]),
      );
      assert.equal(await samples.delete([is('__name__', 'up')], 2, 2), 1);
      assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([1, 1], [3, 3]));
      assert.deepEqual(await selectOne(samples, is('__name__', 'node_load1')), samplesOf([2, 2]));
      assert.equal(await samples.delete([is('__name__', 'up')], 2, 2), 0);
      assert.equal(await samples.delete([is('instance', 'nas')], 3, 9), 1);
      assert.equal((await samples.stats()).samples, 2);
    },
  ),
  samplesCase(
    'lets a series disappear with its last sample, and come back with a new one',
    async (samples) => {
      await samples.append(
        batchOf([
          [UP, 1, 1],
          [UP, 2, 2],
          [LOAD, 1, 1],
        ]),
      );
      assert.equal(await samples.delete([is('__name__', 'up')], ...ALL_TIME), 2);
      assert.deepEqual(await samples.series([]), [LOAD]);
      assert.deepEqual(await samples.labelValues('job'), []);
      await samples.append(batchOf([[UP, 1, 7]]));
      assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([1, 7]));
      assert.deepEqual(seriesTexts(await samples.series([])), seriesTexts([UP, LOAD]));
    },
  ),
  samplesCase('forgets old samples of all series, as retention asks, and keeps the rest', async (samples) => {
    const hourMs = 3_600_000;
    const rows = Array.from(
      { length: 100 },
      (_, hour) =>
        [
          [UP, hour * hourMs, hour],
          [LOAD, hour * hourMs, -hour],
        ] as const,
    );
    await samples.append(batchOf(rows.flat()));
    assert.equal(
      await samples.delete(
        [{ label: '__name__', operator: '=~', value: '.+' }],
        Number.MIN_SAFE_INTEGER,
        60 * hourMs - 1,
      ),
      120,
    );
    const left = await selectOne(samples, is('__name__', 'up'));
    assert.deepEqual(
      left.timesMs,
      Array.from({ length: 40 }, (_, index) => (index + 60) * hourMs),
    );
    const stats = await samples.stats();
    assert.deepEqual([stats.samples, stats.oldestMs, stats.newestMs], [80, 60 * hourMs, 99 * hourMs]);
  }),
  samplesCase('counts series and samples, and knows the oldest and the newest time', async (samples) => {
    const empty = await samples.stats();
    assert.deepEqual(
      [empty.series, empty.samples, empty.oldestMs, empty.newestMs],
      [0, 0, undefined, undefined],
    );
    await samples.append(
      batchOf([
        [UP, 5, 1],
        [LOAD, -3, 1],
        [UP, 9, 1],
      ]),
    );
    const { series, samples: count, oldestMs, newestMs, bytes } = await samples.stats();
    assert.deepEqual([series, count, oldestMs, newestMs], [2, 3, -3, 9]);
    assert.ok(bytes > 0, 'samples take some bytes');
  }),
];
