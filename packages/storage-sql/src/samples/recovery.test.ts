import type { SampleStore, Series } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { openWithConnections, type TransparentStore } from '../testing/open-with-connections.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import type { SampleRules } from './sql-samples.js';

const newFolder = temporaryFolder();
const HOSTS = Array.from(
  { length: 450 },
  (_, index): Series => ({ name: 'level', labels: { instance: `host${index}` } }),
);
const matchers = [{ label: '__name__', operator: '=', value: 'level' }] as const;

/** Everything is due at once, in windows of a second; nothing is sealed at the end. */
const EAGER: SampleRules = {
  windowMs: 1_000,
  graceMs: 0,
  maxHeadSamples: Number.POSITIVE_INFINITY,
  atClose: 'leave',
};
/** Nothing is ever due. */
const LAZY: SampleRules = { ...EAGER, graceMs: 2 ** 53 };

async function append(
  samples: SampleStore,
  timeMs: number,
  series: readonly Series[] = HOSTS,
): Promise<void> {
  await samples.append({
    series,
    timesMs: series.map(() => timeMs),
    values: series.map((_, index) => index + timeMs / 1_000),
  });
}

async function assertAll(samples: SampleStore, times: readonly number[]): Promise<void> {
  const found = await samples.select(matchers, 0, Number.MAX_SAFE_INTEGER);
  expect(found.length).toBe(HOSTS.length);
  for (const { series, timesMs, values } of found) {
    const host = Number(series.labels.instance?.slice(4));
    expect([...timesMs]).toEqual(times);
    expect([...values]).toEqual(times.map((timeMs) => host + timeMs / 1_000));
  }
}

/** Lets background work of the store come to its end: it stands in the queue before this. */
async function settled({ store }: TransparentStore): Promise<void> {
  await store.samples.delete([{ label: 'instance', operator: '=', value: 'nobody' }], 0, 1);
}

const count = async ({ connections }: TransparentStore, table: string) =>
  Number(((await connections.reader(table).count({ rows: '*' })) as { rows: number }[])[0]?.rows);

describe('moving samples into chunks', () => {
  it('empties the log, keeps every sample, and needs nothing at the next start', async () => {
    const dataDir = await newFolder();
    const first = await openWithConnections(dataDir, EAGER);
    await append(first.store.samples, 1_000);
    await append(first.store.samples, 2_000);
    await settled(first);
    expect(await count(first, 'sample_log')).toBeLessThanOrEqual(1);
    expect(await count(first, 'sample_chunks')).toBeGreaterThanOrEqual(HOSTS.length);
    await assertAll(first.store.samples, [1_000, 2_000]);
    await first.store.close();
    const second = await openWithConnections(dataDir, EAGER);
    await assertAll(second.store.samples, [1_000, 2_000]);
    await second.store.close();
  });

  it('loses and doubles nothing when it fails between two of its steps', async () => {
    const dataDir = await newFolder();
    const first = await openWithConnections(dataDir, EAGER);
    // The third part of the series, and with it the mark, cannot be written.
    await first.connections.writer.raw(
      `create trigger no_more before insert on sample_chunks when new.series_id > 400 begin select raise(abort, 'no more'); end`,
    );
    await append(first.store.samples, 1_000);
    await settled(first);
    expect(first.log.lines.map(({ message }) => message)).toEqual([
      'samples could not be moved into chunks; tried again later',
    ]);
    expect(await count(first, 'sample_chunks')).toBe(400);
    await assertAll(first.store.samples, [1_000]);
    await append(first.store.samples, 1_500);
    await assertAll(first.store.samples, [1_000, 1_500]);
    await first.connections.writer.raw('drop trigger no_more');
    await first.store.close();

    const second = await openWithConnections(dataDir, EAGER);
    await assertAll(second.store.samples, [1_000, 1_500]);
    await append(second.store.samples, 1_700);
    await settled(second);
    await assertAll(second.store.samples, [1_000, 1_500, 1_700]);
    expect((await second.store.samples.stats()).samples).toBe(3 * HOSTS.length);
    await second.store.close();
  });

  it('is tried again after its pause', async () => {
    const open = await openWithConnections(await newFolder(), EAGER);
    await open.connections.writer.raw(
      `create trigger no_more before insert on sample_chunks begin select raise(abort, 'no more'); end`,
    );
    await append(open.store.samples, 1_000);
    await settled(open);
    await open.connections.writer.raw('drop trigger no_more');
    await append(open.store.samples, 1_100);
    await settled(open);
    expect(await count(open, 'sample_chunks')).toBe(0);
    await open.clock.advance(60_000);
    await append(open.store.samples, 1_200);
    await settled(open);
    expect(await count(open, 'sample_chunks')).toBe(HOSTS.length);
    await assertAll(open.store.samples, [1_000, 1_100, 1_200]);
    await open.store.close();
  });

  it('keeps a later value over an older one in a flush that is only partly in chunks', async () => {
    const dataDir = await newFolder();
    const host = HOSTS[0] as Series;
    const first = await openWithConnections(dataDir, { ...EAGER, windowMs: 1_000, graceMs: 0 });
    const nowMs = first.clock.now();
    // The first flush reaches into the window that is open, so it stays in the log after sealing.
    await first.store.samples.append({
      series: [host, host],
      timesMs: [nowMs - 500, nowMs + 500],
      values: [1, 1],
    });
    await settled(first);
    await first.store.samples.append({ series: [host], timesMs: [nowMs - 500], values: [2] });
    await first.clock.advance(1_000);
    await first.store.samples.append({ series: [host], timesMs: [nowMs + 900], values: [3] });
    await settled(first);
    await first.store.close();
    const second = await openWithConnections(dataDir, EAGER);
    const [found] = await second.store.samples.select(matchers, 0, Number.MAX_SAFE_INTEGER);
    expect([...(found?.values ?? [])]).toEqual([2, 1, 3]);
    await second.store.close();
  });

  it('happens at the end, so that the next start has nothing to read back', async () => {
    const dataDir = await newFolder();
    const first = await openWithConnections(dataDir, { ...LAZY, atClose: 'seal' });
    await append(first.store.samples, 1_000);
    await first.store.close();
    const second = await openWithConnections(dataDir, LAZY);
    expect(await count(second, 'sample_log')).toBe(0);
    await assertAll(second.store.samples, [1_000]);
    await second.store.close();
  });

  it('begins early when memory would grow too large', async () => {
    const open = await openWithConnections(await newFolder(), { ...LAZY, maxHeadSamples: 1_000 });
    for (const timeMs of [1_000, 2_000, 3_000]) await append(open.store.samples, timeMs);
    await settled(open);
    expect(await count(open, 'sample_chunks')).toBeGreaterThanOrEqual(2 * HOSTS.length);
    await assertAll(open.store.samples, [1_000, 2_000, 3_000]);
    await open.store.close();
  });
});

describe('an append', () => {
  it('that fails keeps nothing, and can be repeated', async () => {
    const open = await openWithConnections(await newFolder(), LAZY);
    await open.connections.writer.raw(
      `create trigger no_more before insert on sample_log begin select raise(abort, 'no more'); end`,
    );
    await expect(append(open.store.samples, 1_000)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await open.store.samples.series([])).toEqual([]);
    await open.connections.writer.raw('drop trigger no_more');
    await append(open.store.samples, 1_000);
    await assertAll(open.store.samples, [1_000]);
    await open.store.close();
  });

  it('that was committed though it seemed to fail is neither lost nor doubled when it is repeated', async () => {
    const dataDir = await newFolder();
    const open = await openWithConnections(dataDir, LAZY);
    await append(open.store.samples, 500, HOSTS.slice(0, 3));
    loseAnswerOfNextCommit(open);
    await expect(append(open.store.samples, 1_000)).rejects.toThrow('the answer was lost');
    // Other series come first now: they must not be given the numbers of those that were stored unseen.
    await append(open.store.samples, 500, [...HOSTS.slice(3)].reverse());
    await append(open.store.samples, 1_000);
    const [rows] = [await open.store.samples.stats()];
    expect([rows.series, rows.samples]).toEqual([HOSTS.length, 2 * HOSTS.length]);
    await open.store.close();
    const again = await openWithConnections(dataDir, LAZY);
    expect((await again.store.samples.series([])).length).toBe(HOSTS.length);
    const found = await again.store.samples.select(matchers, 1_000, 1_000);
    for (const { series, values } of found)
      expect([...values]).toEqual([Number(series.labels.instance?.slice(4)) + 1]);
    await again.store.close();
  });
});

/** The next transaction commits, and its caller is told that it failed: a connection that broke at the wrong moment. */
function loseAnswerOfNextCommit({ connections }: TransparentStore): void {
  const { writer } = connections;
  const transaction = async (...given: Parameters<typeof writer.transaction>) => {
    Object.assign(connections, { writer });
    await writer.transaction(...given);
    throw new Error('the answer was lost');
  };
  const deaf = new Proxy(writer, {
    get: (target, name) => (name === 'transaction' ? transaction : (Reflect.get(target, name) as unknown)),
  });
  Object.assign(connections, { writer: deaf });
}

describe('a chunk that has changed on disk', () => {
  it('costs its own samples, is told of once, and nothing else is missing', async () => {
    const dataDir = await newFolder();
    const { store, connections, log, clock } = await openWithConnections(dataDir, EAGER);
    for (const timeMs of [1_000, 2_000, 3_000]) await append(store.samples, timeMs);
    clock.jump(10_000);
    await append(store.samples, 9_000);
    await settled({ store, connections, log, clock });
    const [row] = (await connections
      .reader('sample_chunks')
      .where({ window_number: 2 })
      .orderBy('series_id')
      .limit(1)) as { series_id: number; data: Buffer }[];
    const damaged = Buffer.from(row?.data ?? []);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    await connections
      .writer('sample_chunks')
      .where({ window_number: 2, series_id: row?.series_id })
      .update({ data: damaged });
    const times = async () =>
      (await store.samples.select(matchers, 0, Number.MAX_SAFE_INTEGER)).map(({ timesMs }) =>
        [...timesMs].join(),
      );
    expect((await times()).filter((found) => found === '1000,3000,9000')).toHaveLength(1);
    expect((await times()).filter((found) => found === '1000,2000,3000,9000')).toHaveLength(HOSTS.length - 1);
    expect(log.lines.filter(({ message }) => message.includes('damaged chunk'))).toHaveLength(1);
    await store.close();
  });
});
