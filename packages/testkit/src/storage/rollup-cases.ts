import assert from 'node:assert/strict';
import type { SampleStore, Series, SeriesRollup } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import { batchOf, bitsOf, is, STALENESS_BITS, type TestRow } from './sample-batches.js';
import { assertRefused, type StorageSubject, storeCase } from './storage-subject.js';

const TEMPERATURE: Series = { name: 'temperature', labels: { instance: 'nas' } };
const REQUESTS: Series = { name: 'requests_total', labels: { instance: 'nas' } };

/** The columns of one step, for comparing. */
function stepsOf({ timesMs, count, min, max, sum, last, resets }: SeriesRollup) {
  return Array.from(timesMs, (endMs, step) => [
    endMs,
    [count, min, max, sum, last, resets].map((column) => column[step] as number),
  ]);
}

async function rollupOf(samples: SampleStore, name: string, span: readonly [number, number, number]) {
  const [fromMs, toMs, stepMs] = span;
  const { series } = await samples.rollup([is('__name__', name)], { fromMs, toMs, stepMs });
  assert.ok(series.length <= 1, 'one series of that name');
  return series[0];
}

const fill = (samples: SampleStore, rows: readonly TestRow[]) =>
  samples.append(batchOf(rows), { backfill: true });

/** What summing up in steps promises. */
export const rollupCases: readonly ConformanceCase<StorageSubject>[] = [
  storeCase('sums up in steps that have their end and not their beginning', async ({ samples }) => {
    await fill(
      samples,
      [0, 1, 10_000, 15_000, 20_000, 20_001, 45_000].map((timeMs, index) => [
        TEMPERATURE,
        timeMs,
        20 + index,
      ]),
    );
    const found = await rollupOf(samples, 'temperature', [10_000, 40_000, 10_000]);
    assert.ok(found);
    assert.deepEqual(found.series, TEMPERATURE);
    assert.deepEqual(stepsOf(found), [
      [10_000, [2, 21, 22, 43, 22, 0]],
      [20_000, [2, 23, 24, 47, 24, 0]],
      [30_000, [1, 25, 25, 25, 25, 0]],
    ]);
    assert.equal(await rollupOf(samples, 'temperature', [60_000, 90_000, 10_000]), undefined);
    assert.equal(await rollupOf(samples, 'temperature', [1_000, 9_000, 10_000]), undefined);
    await assertRefused('STORAGE_INVALID', () => samples.rollup([], { fromMs: 0, toMs: 1, stepMs: 1 }));
  }),
  storeCase(
    'knows how much a counter lost by starting anew, and takes a gauge as it is',
    async ({ samples }) => {
      const values = [100, 110, 3, 8, 1];
      const rows = values.flatMap((value, index): TestRow[] => [
        [REQUESTS, 1_000 * (index + 1), value],
        [TEMPERATURE, 1_000 * (index + 1), value],
      ]);
      await fill(samples, rows);
      const counter = await rollupOf(samples, 'requests_total', [5_000, 5_000, 5_000]);
      assert.deepEqual(counter && stepsOf(counter), [[5_000, [5, 1, 110, 222, 1, 118]]]);
      const gauge = await rollupOf(samples, 'temperature', [5_000, 5_000, 5_000]);
      assert.deepEqual(gauge && stepsOf(gauge), [[5_000, [5, 1, 110, 222, 1, 0]]]);
    },
  ),
  storeCase('leaves what is no number out of all but the last value', async ({ samples }) => {
    await fill(samples, [
      [TEMPERATURE, 1_000, 5],
      [TEMPERATURE, 2_000, STALENESS_BITS],
      [TEMPERATURE, 12_000, STALENESS_BITS],
    ]);
    const found = await rollupOf(samples, 'temperature', [10_000, 20_000, 10_000]);
    assert.deepEqual(found && [[...found.count], [...found.sum], [...found.min], [...found.max]], [
      [1, 0],
      [5, 0],
      [5, Number.NaN],
      [5, Number.NaN],
    ]);
    assert.deepEqual(found && [...new BigUint64Array(found.last.slice().buffer)], [
      STALENESS_BITS,
      STALENESS_BITS,
    ]);
    assert.equal(bitsOf(Number.NaN) === STALENESS_BITS, false);
  }),
  storeCase(
    'counts the series of each metric and the values of each label, the most first',
    async ({ samples }) => {
      const rows = ['a', 'b', 'c'].flatMap((instance, index): TestRow[] => [
        [{ name: 'up', labels: { instance } }, 1, 1],
        ...(index < 2 ? ([[{ name: 'load', labels: { instance, job: 'node' } }, 1, 1]] as TestRow[]) : []),
      ]);
      await fill(samples, rows);
      assert.deepEqual(await samples.cardinality(10), {
        metrics: [
          { name: 'up', series: 3 },
          { name: 'load', series: 2 },
        ],
        labels: [
          { name: 'instance', values: 3 },
          { name: '__name__', values: 2 },
          { name: 'job', values: 1 },
        ],
      });
      const one = await samples.cardinality(1);
      assert.deepEqual([one.metrics.length, one.labels.length], [1, 1]);
    },
  ),
];
