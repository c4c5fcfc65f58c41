import assert from 'node:assert/strict';
import type { Matcher, SampleStore, Series } from '@labkeeper/core';
import type { ConformanceCase } from '../conformance/conformance-case.js';
import {
  ALL_TIME,
  batchOf,
  byInstance,
  is,
  plain,
  samplesOf,
  selectOne,
  seriesTexts,
} from './sample-batches.js';
import { assertRefused, type StorageSubject, storeCase } from './storage-subject.js';

const FLEET: readonly Series[] = [
  { name: 'up', labels: { job: 'node', instance: 'nas' } },
  { name: 'up', labels: { job: 'node', instance: 'pve1' } },
  { name: 'up', labels: { job: 'http', instance: 'cloud', path: '/a' } },
  { name: 'node_load1', labels: { job: 'node', instance: 'nas' } },
];

/** A store with one sample of each series of the fleet. */
const fleetCase = (name: string, check: (samples: SampleStore) => Promise<void>) =>
  storeCase(name, async ({ samples }) => {
    await samples.append(batchOf(FLEET.map((series, index) => [series, 1_000 + index, index])));
    await check(samples);
  });

async function assertMatches(
  samples: SampleStore,
  matchers: readonly Matcher[],
  positions: readonly number[],
): Promise<void> {
  const expected = seriesTexts(positions.map((position) => FLEET[position] as Series));
  assert.deepEqual(seriesTexts(await samples.series(matchers)), expected);
  const selected = await samples.select(matchers, ...ALL_TIME);
  assert.deepEqual(seriesTexts(selected.map(({ series }) => series)), expected);
}

const on = (label: string, operator: Matcher['operator'], value: string): Matcher => ({
  label,
  operator,
  value,
});

/** What finding series and samples promises. */
export const selectionCases: readonly ConformanceCase<StorageSubject>[] = [
  fleetCase(
    'matches equal and unequal labels, the metric name as __name__, and all matchers together',
    async (samples) => {
      await assertMatches(samples, [on('job', '=', 'node')], [0, 1, 3]);
      await assertMatches(samples, [on('job', '!=', 'node')], [2]);
      await assertMatches(samples, [on('__name__', '=', 'up')], [0, 1, 2]);
      await assertMatches(samples, [on('__name__', '!=', 'up')], [3]);
      await assertMatches(samples, [on('__name__', '=', 'up'), on('instance', '=', 'nas')], [0]);
      await assertMatches(samples, [on('job', '=', 'node'), on('job', '=', 'http')], []);
    },
  ),
  fleetCase('matches a label that a series lacks as the empty text', async (samples) => {
    await assertMatches(samples, [on('path', '=', '')], [0, 1, 3]);
    await assertMatches(samples, [on('path', '!=', '')], [2]);
    await assertMatches(samples, [on('path', '=~', '.*')], [0, 1, 2, 3]);
    await assertMatches(samples, [on('path', '=~', '.+')], [2]);
    await assertMatches(samples, [on('path', '!~', '.+')], [0, 1, 3]);
    await assertMatches(samples, [on('constructor', '=', '')], [0, 1, 2, 3]);
  }),
  fleetCase('anchors expressions at both ends', async (samples) => {
    await assertMatches(samples, [on('instance', '=~', 'pve')], []);
    await assertMatches(samples, [on('instance', '=~', 've1')], []);
    await assertMatches(samples, [on('instance', '=~', 'pve.')], [1]);
    await assertMatches(samples, [on('instance', '=~', 'pve|nas')], [0, 3]);
    await assertMatches(samples, [on('instance', '!~', 'pv|n.s')], [1, 2]);
    await assertMatches(samples, [on('__name__', '=~', 'node_.*')], [3]);
    await assertMatches(samples, [on('__name__', '!~', 'node_.*|x')], [0, 1, 2]);
  }),
  fleetCase('answers in time whatever the expression', async (samples) => {
    await samples.append(batchOf([[{ name: 'up', labels: { instance: `${'a'.repeat(40)}!` } }, 1, 1]]));
    // Takes a backtracking engine longer than the age of the universe.
    assert.deepEqual(await samples.series([on('instance', '=~', '(a+)+')]), []);
  }),
  fleetCase('refuses selections without matchers and with broken expressions', async (samples) => {
    await assertRefused('STORAGE_INVALID', () => samples.select([], ...ALL_TIME));
    await assertRefused('STORAGE_INVALID', () => samples.latest([], 0));
    await assertRefused('STORAGE_INVALID', () => samples.delete([], ...ALL_TIME));
    for (const value of ['(', '[a', 'a**b(', '(?=a)']) {
      await assertRefused('STORAGE_INVALID', () => samples.select([on('job', '=~', value)], ...ALL_TIME));
      await assertRefused('STORAGE_INVALID', () => samples.series([on('job', '!~', value)]));
    }
    assert.equal((await samples.series([])).length, FLEET.length);
  }),
  fleetCase(
    'takes both ends of the span as inclusive, and leaves out series with nothing in it',
    async (samples) => {
      const matchers = [on('job', '=~', '.+')];
      const timesWithin = async (fromMs: number, toMs: number) =>
        (await samples.select(matchers, fromMs, toMs)).flatMap(({ timesMs }) => [...timesMs]).sort();
      assert.deepEqual(await timesWithin(1_001, 1_002), [1_001, 1_002]);
      assert.deepEqual(await timesWithin(1_003, 5_000), [1_003]);
      assert.deepEqual(await timesWithin(0, 999), []);
      assert.deepEqual(await timesWithin(1_002, 1_001), []);
    },
  ),
  storeCase('gives the latest sample of each series by time, not by arrival', async ({ samples }) => {
    const [nas, pve] = [FLEET[0] as Series, FLEET[1] as Series];
    await samples.append(
      batchOf([
        [nas, 10, 1],
        [nas, 30, 3],
        [pve, 20, 2],
      ]),
    );
    await samples.append(batchOf([[nas, 20, 2]]));
    const latest = async (sinceMs: number) => byInstance(await samples.latest([is('job', 'node')], sinceMs));
    assert.deepEqual(await latest(0), { nas: samplesOf([30, 3]), pve1: samplesOf([20, 2]) });
    assert.deepEqual(await latest(20), { nas: samplesOf([30, 3]), pve1: samplesOf([20, 2]) });
    assert.deepEqual(await latest(21), { nas: samplesOf([30, 3]) });
    assert.deepEqual(await latest(31), {});
    await samples.append(batchOf([[nas, 30, 4]]));
    assert.deepEqual(await latest(30), { nas: samplesOf([30, 3]) });
  }),
  storeCase(
    'finds the latest sample though it is months older than the newest of others',
    async ({ samples }) => {
      const dayMs = 86_400_000;
      const [nas, pve] = [FLEET[0] as Series, FLEET[1] as Series];
      await samples.append(
        batchOf([
          [pve, 5 * dayMs, 5],
          [pve, 6 * dayMs, 6],
        ]),
      );
      for (let day = 7; day < 100; day += 30) await samples.append(batchOf([[nas, day * dayMs, day]]));
      const found = await samples.latest([is('instance', 'pve1')], 5 * dayMs);
      assert.deepEqual(found.map(plain), [samplesOf([6 * dayMs, 6])]);
      assert.deepEqual(await samples.latest([is('instance', 'pve1')], 6 * dayMs + 1), []);
    },
  ),
  fleetCase('names labels and their values in order', async (samples) => {
    assert.deepEqual(await samples.labelNames(), ['__name__', 'instance', 'job', 'path']);
    assert.deepEqual(await samples.labelValues('instance'), ['cloud', 'nas', 'pve1']);
    assert.deepEqual(await samples.labelValues('__name__'), ['node_load1', 'up']);
    assert.deepEqual(await samples.labelValues('missing'), []);
    assert.deepEqual(await samples.labelValues('constructor'), []);
  }),
  storeCase('has no labels, no series and no samples at first', async ({ samples }) => {
    assert.deepEqual(await samples.labelNames(), []);
    assert.deepEqual(await samples.labelValues('__name__'), []);
    assert.deepEqual(await samples.series([]), []);
    assert.deepEqual(await samples.select([is('__name__', 'up')], ...ALL_TIME), []);
    assert.deepEqual(await samples.latest([is('__name__', 'up')], 0), []);
    assert.equal(await samples.delete([is('__name__', 'up')], ...ALL_TIME), 0);
  }),
  storeCase('finds a day of one series among many days of many', async ({ samples }) => {
    const stepMs = 600_000;
    const fleet = Array.from(
      { length: 20 },
      (_, index): Series => ({ name: 'load', labels: { instance: `host${index}` } }),
    );
    for (let day = 0; day < 3; day++) {
      const steps = Array.from({ length: 144 }, (_, step) => (day * 144 + step) * stepMs);
      await samples.append(
        batchOf(
          steps.flatMap((timeMs) => fleet.map((series, index) => [series, timeMs, timeMs + index] as const)),
        ),
      );
    }
    const [fromMs, toMs] = [100 * stepMs, 243 * stepMs];
    const found = await selectOne(samples, is('instance', 'host7'), [fromMs, toMs]);
    const times = Array.from({ length: 144 }, (_, step) => fromMs + step * stepMs);
    assert.deepEqual(found, samplesOf(...times.map((timeMs) => [timeMs, timeMs + 7] as const)));
  }),
];
