import assert from 'node:assert/strict';
import type { SampleBatch, SampleStore, Series } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import {
  ALL_TIME,
  batchOf,
  bitsOf,
  is,
  plain,
  STALENESS_BITS,
  samplesOf,
  selectOne,
  seriesTexts,
} from './sample-batches.js';
import { assertRefused, type StorageSubject, storeCase } from './storage-subject.js';

const UP: Series = { name: 'up', labels: { job: 'node', instance: 'nas' } };
const LOAD: Series = { name: 'node_load1', labels: { instance: 'nas' } };

const samplesCase = (name: string, check: (samples: SampleStore) => Promise<void>) =>
  storeCase(name, ({ samples }) => check(samples));

/** Doubles whose bits a careless store changes. */
const DELICATE_BITS: readonly bigint[] = [
  STALENESS_BITS,
  0x7ff8000000000000n, // the ordinary NaN
  0x7ff8000000000001n,
  0xfff8000000000000n,
  0x7ff4000000000000n, // a signalling NaN
  0xffffffffffffffffn,
  bitsOf(Number.POSITIVE_INFINITY),
  bitsOf(Number.NEGATIVE_INFINITY),
  bitsOf(-0),
  bitsOf(0),
  bitsOf(Number.MIN_VALUE),
  bitsOf(Number.MAX_VALUE),
  bitsOf(Number.EPSILON),
  bitsOf(0.1),
  bitsOf(2 ** 53 + 2),
];

/** What appending promises. */
export const sampleCases: readonly ConformanceCase<StorageSubject>[] = [
  samplesCase('gives back what was appended, by series, in ascending time', async (samples) => {
    await samples.append(
      batchOf([
        [UP, 1_000, 1],
        [LOAD, 1_000, 0.5],
        [UP, 2_000, 0],
      ]),
    );
    await samples.append(batchOf([[LOAD, 2_000, 0.75]]));
    assert.deepEqual(await selectOne(samples, is('job', 'node')), samplesOf([1_000, 1], [2_000, 0]));
    assert.deepEqual(
      await selectOne(samples, is('__name__', 'node_load1')),
      samplesOf([1_000, 0.5], [2_000, 0.75]),
    );
    const [found] = await samples.select([is('job', 'node')], ...ALL_TIME);
    assert.deepEqual(found?.series, UP);
  }),
  samplesCase('takes an empty batch, and plain lists for columns', async (samples) => {
    await samples.append({ series: [], timesMs: [], values: [] });
    await samples.append({ series: [UP, UP], timesMs: [1, 2], values: [5, -0] });
    assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([1, 5], [2, -0]));
  }),
  samplesCase('keeps values bit for bit, the payload of a NaN included', async (samples) => {
    await samples.append(batchOf(DELICATE_BITS.map((bits, index) => [UP, index, bits])));
    await samples.append(batchOf(DELICATE_BITS.map((bits) => [LOAD, Number(bits & 0xffffn), bits])));
    assert.deepEqual((await selectOne(samples, is('__name__', 'up'))).bits, DELICATE_BITS);
    for (const bits of DELICATE_BITS) {
      const series = { name: 'constant', labels: { bits: bits.toString(16) } };
      await samples.append(
        batchOf([
          [series, 1, bits],
          [series, 2, bits],
          [series, 3, bits],
        ]),
      );
      assert.deepEqual((await selectOne(samples, is('bits', bits.toString(16)))).bits, [bits, bits, bits]);
      const [latest] = await samples.latest([is('bits', bits.toString(16))], 0);
      assert.deepEqual(latest && plain(latest), samplesOf([3, bits]));
    }
  }),
  samplesCase('sorts samples that come in any order, in one batch and over several', async (samples) => {
    await samples.append(
      batchOf([
        [UP, 30, 3],
        [UP, 10, 1],
        [UP, 50, 5],
      ]),
    );
    await samples.append(
      batchOf([
        [UP, 40, 4],
        [UP, 20, 2],
        [UP, 0, 0],
      ]),
    );
    assert.deepEqual(
      await selectOne(samples, is('__name__', 'up')),
      samplesOf([0, 0], [10, 1], [20, 2], [30, 3], [40, 4], [50, 5]),
    );
  }),
  samplesCase(
    'keeps the first value of a series and time, and counts others that come for it',
    async (samples) => {
      const first = await samples.append(
        batchOf([
          [UP, 10, 1],
          [UP, 20, 2],
          [UP, 10, 3],
        ]),
      );
      assert.deepEqual(first, { kept: 2, conflicting: 1, tooOld: 0 });
      assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([10, 1], [20, 2]));
      await samples.append(
        batchOf([
          [UP, 20, 2],
          [UP, 30, STALENESS_BITS],
        ]),
      );
      await samples.append(
        batchOf([
          [UP, 30, 0x7ff8000000000000n],
          [UP, 20, 4],
        ]),
      );
      assert.deepEqual(
        await selectOne(samples, is('__name__', 'up')),
        samplesOf([10, 1], [20, 2], [30, STALENESS_BITS]),
      );
    },
  ),
  samplesCase(
    'refuses and counts samples that come long after newer ones, unless they are a back-fill',
    async (samples) => {
      const hourMs = 3_600_000;
      await samples.append(batchOf([[UP, 100 * hourMs, 100]]));
      assert.deepEqual(
        await samples.append(
          batchOf([
            [UP, 50 * hourMs, 50],
            [LOAD, 50 * hourMs, 50],
            [UP, 100 * hourMs - 60_000, 99],
          ]),
        ),
        { kept: 2, conflicting: 0, tooOld: 1 },
      );
      assert.deepEqual(
        await selectOne(samples, is('__name__', 'up')),
        samplesOf([100 * hourMs - 60_000, 99], [100 * hourMs, 100]),
      );
      const old = batchOf([[UP, 50 * hourMs, 50]]);
      assert.deepEqual(await samples.append(old, { backfill: true }), { kept: 1, conflicting: 0, tooOld: 0 });
      assert.deepEqual((await selectOne(samples, is('__name__', 'up'))).timesMs, [
        50 * hourMs,
        100 * hourMs - 60_000,
        100 * hourMs,
      ]);
    },
  ),
  samplesCase(
    'keeps times exactly: before the epoch, far away, and side by side with both',
    async (samples) => {
      const times = [
        Number.MIN_SAFE_INTEGER,
        -62_135_596_800_000,
        -1,
        0,
        1,
        1_767_225_600_001,
        1_767_225_600_002,
        Number.MAX_SAFE_INTEGER,
      ];
      await samples.append(batchOf(times.map((timeMs) => [UP, timeMs, timeMs])), { backfill: true });
      assert.deepEqual((await selectOne(samples, is('__name__', 'up'))).timesMs, times);
      for (const timeMs of times) {
        assert.deepEqual(
          await selectOne(samples, is('__name__', 'up'), [timeMs, timeMs]),
          samplesOf([timeMs, timeMs]),
        );
      }
    },
  ),
  samplesCase(
    'knows a series by name and labels, whatever the order of labels or the object',
    async (samples) => {
      await samples.append(batchOf([[{ name: 'up', labels: { a: '1', b: '2' } }, 1, 1]]));
      await samples.append(batchOf([[{ name: 'up', labels: { b: '2', a: '1' } }, 2, 2]]));
      await samples.append(batchOf([[{ name: 'up', labels: { a: '1', b: '2', c: '' } }, 3, 3]]));
      assert.deepEqual(await selectOne(samples, is('a', '1')), samplesOf([1, 1], [2, 2], [3, 3]));
      assert.deepEqual(await samples.series([]), [{ name: 'up', labels: { a: '1', b: '2' } }]);
    },
  ),
  samplesCase('keeps series apart that differ in anything', async (samples) => {
    const others: Series[] = [
      { name: 'up', labels: {} },
      { name: 'up2', labels: {} },
      { name: 'up', labels: { a: '1' } },
      { name: 'up', labels: { a: '1', b: '1' } },
      { name: 'up', labels: { a: '11:b1:1' } },
      { name: 'up', labels: { a: '1\0' } },
      { name: 'up', labels: { a: "1'" } },
      { name: 'up', labels: { a: '😀' } },
    ];
    await samples.append(batchOf(others.map((series, index) => [series, 1, index])));
    assert.deepEqual(seriesTexts(await samples.series([])), seriesTexts(others));
    assert.equal((await samples.stats()).series, others.length);
    for (const [index, series] of others.entries()) {
      const found = await samples.select(
        [is('__name__', series.name), is('a', series.labels.a ?? ''), is('b', series.labels.b ?? '')],
        1,
        1,
      );
      assert.deepEqual(found.map(plain), [samplesOf([1, index])]);
    }
  }),
  samplesCase('keeps nothing of a batch that has one row that cannot be kept', async (samples) => {
    await samples.append(batchOf([[UP, 1, 1]]));
    const bad: SampleBatch[] = [
      batchOf([
        [UP, 2, 2],
        [{ name: 'not a name', labels: {} }, 2, 2],
      ]),
      batchOf([
        [UP, 2, 2],
        [LOAD, 2.5, 2],
      ]),
      batchOf([
        [UP, 2, 2],
        [LOAD, Number.NaN, 2],
      ]),
      batchOf([
        [UP, 2, 2],
        [LOAD, 2 ** 53, 2],
      ]),
      { series: [UP, LOAD], timesMs: [2, 2], values: [2] },
    ];
    for (const batch of bad) await assertRefused('STORAGE_INVALID', () => samples.append(batch));
    assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([1, 1]));
    assert.deepEqual(await samples.series([]), [UP]);
  }),
  samplesCase(
    'copies a batch in: its columns may be used again as soon as append was called',
    async (samples) => {
      const timesMs = Float64Array.of(1, 2);
      const values = Float64Array.of(1, 2);
      const series = [UP, LOAD];
      const appending = samples.append({ series, timesMs, values });
      timesMs.fill(9);
      values.fill(9);
      series.reverse();
      await appending;
      assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([1, 1]));
      assert.deepEqual(await selectOne(samples, is('__name__', 'node_load1')), samplesOf([2, 2]));
    },
  ),
  samplesCase('copies samples out: changing what select gave changes nothing stored', async (samples) => {
    await samples.append(
      batchOf([
        [UP, 1, 1],
        [UP, 2, 2],
      ]),
    );
    for (const [found] of [
      await samples.select([is('__name__', 'up')], 0, 9),
      await samples.latest([is('__name__', 'up')], 0),
    ]) {
      found?.timesMs.fill(7);
      found?.values.fill(7);
    }
    assert.deepEqual(await selectOne(samples, is('__name__', 'up')), samplesOf([1, 1], [2, 2]));
  }),
  samplesCase('takes many series at once, and many batches at the same time', async (samples) => {
    const fleet = Array.from(
      { length: 600 },
      (_, index): Series => ({ name: 'up', labels: { instance: `host${index}` } }),
    );
    const rounds = [1, 2, 3, 4, 5].map((round) =>
      samples.append(batchOf(fleet.map((series, index) => [series, round * 1_000, index]))),
    );
    await Promise.all(rounds);
    const found = await samples.select([is('__name__', 'up')], ...ALL_TIME);
    assert.equal(found.length, 600);
    for (const one of found) {
      const index = Number(one.series.labels.instance?.slice(4));
      assert.deepEqual(
        plain(one),
        samplesOf([1_000, index], [2_000, index], [3_000, index], [4_000, index], [5_000, index]),
      );
    }
  }),
];
