import { isStalenessMark, type Sample, STALENESS_MARK } from '@labkeeper/core';
import { createRedactor, memoryStorage } from '@labkeeper/core/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineLab, MINUTE, SECOND } from '../testing/engine-lab.js';
import { unreliableStorage } from '../testing/faulty-storage.js';
import { SampleBacklog } from './sample-backlog.js';
import { MAX_SERIES_PER_SOURCE, SeriesInterner } from './series-interner.js';

const named = (name: string) => [{ label: '__name__', operator: '=', value: name }] as const;

/** An engine that takes samples from the test itself. */
async function ingestLab(parts: ConstructorParameters<typeof EngineLab>[0] = {}) {
  const lab = new EngineLab(parts);
  await lab.engine.start();
  const source = lab.engine.ingest.source({
    plugin: 'nut',
    labels: { job: 'ups', instance: 'cellar' },
    entity: 'ups:cellar',
  });
  const stored = async (name: string) => {
    const found = await lab.storage.samples.select(named(name), 0, Number.MAX_SAFE_INTEGER);
    return found.map(({ series, timesMs, values }) => ({
      labels: series.labels,
      times: [...timesMs],
      values: [...values],
    }));
  };
  return { lab, source, stored };
}

describe('samples', () => {
  it('get the labels of their source, keep their own where both have one, and get the time of their run', async () => {
    const { lab, source, stored } = await ingestLab();
    source.add(
      [
        { name: 'a', value: 1 },
        { name: 'b', value: 2, labels: { job: 'own', empty: '' }, timeMs: 5 },
      ],
      1_000,
    );
    await lab.engine.ingest.flush();
    expect(await stored('a')).toEqual([
      { labels: { job: 'ups', instance: 'cellar' }, times: [1_000], values: [1] },
    ]);
    expect(await stored('b')).toEqual([
      { labels: { job: 'own', instance: 'cellar' }, times: [5], values: [2] },
    ]);
  });

  it('keep the staleness mark bit for bit, however many stand around it', async () => {
    const { lab, source } = await ingestLab();
    const samples = Array.from({ length: 600 }, (_, row) => ({
      ...{ name: 'a', labels: { row: String(row) } },
      value: row % 2 === 0 ? STALENESS_MARK : row,
    }));
    source.add(samples, 1_000);
    await lab.engine.ingest.flush();
    const found = await lab.storage.samples.select(named('a'), 0, 2_000);
    const marked = found.filter(({ values }) => isStalenessMark(values[0] as number));
    expect([found.length, marked.length]).toEqual([600, 300]);
  });

  it('of a sender who waits are in the store when the answer comes, and told of', async () => {
    const { lab, stored } = await ingestLab();
    const series = { name: 'a', labels: { host: 'nas' } };
    const batch = { series: [series, series], timesMs: [1_000, 2_000], values: Float64Array.of(1, 2) };
    expect(await lab.engine.ingest.write(batch)).toEqual({ kept: 2, conflicting: 0, tooOld: 0 });
    expect(await stored('a')).toEqual([{ labels: { host: 'nas' }, times: [1_000, 2_000], values: [1, 2] }]);
    expect(lab.events('samples.appended')).toMatchObject([{ count: 2 }]);
  });

  it('are written together, once a second, and told of with whose they are', async () => {
    const { lab, source, stored } = await ingestLab();
    for (let index = 0; index < 10; index++) {
      source.add([{ name: 'a', value: index }], index);
      await lab.clock.advance(50);
    }
    expect(await stored('a')).toEqual([]);
    await lab.clock.advance(SECOND);
    expect((await stored('a'))[0]?.values).toHaveLength(10);
    expect(lab.events('samples.appended')).toMatchObject([{ count: 10, entities: ['ups:cellar'] }]);
    expect(lab.engine.ingest.stats()).toMatchObject({ stored: 10, appends: 1, backlog: 0 });
  });

  it('in large numbers are written at once', async () => {
    const { lab, source } = await ingestLab();
    source.add(
      Array.from({ length: 10_000 }, (_, index) => ({ name: 'a', value: index, timeMs: index })),
      0,
    );
    await lab.clock.advance(0);
    expect(lab.engine.ingest.stats()).toMatchObject({ stored: 10_000 });
  });

  it('are written one batch at a time', async () => {
    const inner = memoryStorage();
    let [going, most] = [0, 0];
    const append = async (batch: Parameters<typeof inner.samples.append>[0]) => {
      going += 1;
      most = Math.max(most, going);
      await Promise.resolve();
      const outcome = await inner.samples.append(batch);
      going -= 1;
      return outcome;
    };
    const { lab, source } = await ingestLab({ storage: { ...inner, samples: { ...inner.samples, append } } });
    for (let batch = 0; batch < 5; batch++) {
      source.add(
        Array.from({ length: 10_000 }, (_, index) => ({
          name: 'a',
          value: index,
          timeMs: batch * 10_000 + index,
        })),
        0,
      );
    }
    await lab.engine.ingest.flush();
    expect(most).toBe(1);
    expect(lab.engine.ingest.stats().stored).toBe(50_000);
  });

  it.each<[string, unknown]>([
    ['a bad name', { name: '1st', value: 1 }],
    ['no name', { value: 1 }],
    ['a bad label', { name: 'a', value: 1, labels: { 'not-a-label': 'x' } }],
    ['a reserved label', { name: 'a', value: 1, labels: { __name__: 'x' } }],
    ['a label that is no text', { name: 'a', value: 1, labels: { x: 1 } }],
    ['labels that are none', { name: 'a', value: 1, labels: null }],
    ['a value that is no number', { name: 'a', value: '1' }],
    ['a broken time', { name: 'a', value: 1, timeMs: 1.5 }],
    ['nothing', null],
  ])('with %s are refused one by one, and the rest is kept', async (_, bad) => {
    const { lab, source, stored } = await ingestLab();
    source.add([{ name: 'good', value: 1 }, bad as Sample, { name: 'good', value: 2, timeMs: 7 }], 1);
    await lab.engine.ingest.flush();
    expect((await stored('good'))[0]?.values).toEqual([1, 2]);
    expect(lab.engine.ingest.stats()).toMatchObject({ stored: 2, invalid: 1 });
    expect(lab.lines).toMatchObject([{ level: 'warn', fields: { code: 'SAMPLE_INVALID', plugin: 'nut' } }]);
  });

  it('that are refused again and again are logged once a minute, with their number', async () => {
    const { lab, source } = await ingestLab();
    for (let second = 0; second < 70; second++) {
      source.add([{ name: 'bad name', value: 1 }], 1);
      await lab.clock.advance(SECOND);
    }
    expect(lab.lines.map(({ fields }) => fields.alsoRefused)).toEqual([undefined, 59]);
    expect(lab.engine.ingest.stats().invalid).toBe(70);
  });

  it('keep special values bit for bit', async () => {
    const { lab, source, stored } = await ingestLab();
    source.add(
      [
        { name: 'a', value: Number.NaN, timeMs: 1 },
        { name: 'a', value: Number.NEGATIVE_INFINITY, timeMs: 2 },
        { name: 'a', value: -0, timeMs: 3 },
      ],
      0,
    );
    await lab.engine.ingest.flush();
    expect((await stored('a'))[0]?.values).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, -0]);
  });

  it('that are not a list cost nothing', async () => {
    const { lab, source } = await ingestLab();
    source.add(undefined as never, 0);
    await lab.clock.advance(2 * SECOND);
    expect(lab.engine.ingest.stats()).toMatchObject({ stored: 0, invalid: 0 });
  });
});

describe('a store that is away', () => {
  it('loses nothing for a while: samples wait and are written when it is back, by themselves', async () => {
    const { storage, control } = unreliableStorage();
    const { lab, source, stored } = await ingestLab({ storage });
    control.isAway = true;
    for (let second = 0; second < 120; second++) {
      source.add([{ name: 'a', value: second }], second);
      await lab.clock.advance(SECOND);
    }
    expect(await stored('a')).toEqual([]);
    expect(lab.engine.ingest.stats().backlog).toBe(120);
    // It is asked again with growing pauses, not with every sample.
    expect(lab.engine.ingest.stats().failedAppends).toBeLessThan(12);
    control.isAway = false;
    await lab.clock.advance(31 * SECOND);
    expect((await stored('a'))[0]?.values).toHaveLength(120);
    expect(lab.engine.ingest.stats()).toMatchObject({ backlog: 0, dropped: 0 });
  });

  it('for too long loses the oldest samples first, and counts them', async () => {
    const { storage, control } = unreliableStorage();
    const { lab, source, stored } = await ingestLab({ storage });
    control.isAway = true;
    const labels = {};
    for (let batch = 0; batch < 80; batch++) {
      source.add(
        Array.from({ length: 10_000 }, (_, index) => ({
          name: 'a',
          labels,
          value: 1,
          timeMs: batch * 10_000 + index,
        })),
        0,
      );
    }
    const { dropped, backlog } = lab.engine.ingest.stats();
    expect(dropped + backlog).toBe(800_000);
    expect(backlog).toBeLessThanOrEqual(720_000);
    expect(dropped).toBeGreaterThan(0);
    control.isAway = false;
    await lab.clock.advance(MINUTE);
    const times = (await stored('a'))[0]?.times ?? [];
    expect(times).toHaveLength(backlog);
    expect(times.at(-1)).toBe(799_999);
  });

  it('at the stop is said', async () => {
    const { storage, control } = unreliableStorage();
    const { lab, source } = await ingestLab({ storage });
    source.add([{ name: 'a', value: 1 }], 1);
    control.isAway = true;
    await lab.engine.stop();
    expect(
      lab.lines.some(({ level, message }) => level === 'error' && message.startsWith('samples are lost')),
    ).toBe(true);
  });
});

describe('the stop of the engine', () => {
  it('writes what has been taken', async () => {
    const { lab, source, stored } = await ingestLab();
    source.add([{ name: 'a', value: 1 }], 1);
    await lab.engine.stop();
    await lab.engine.stop();
    expect(await stored('a')).toHaveLength(1);
    expect(lab.clock.pendingTimers).toBe(0);
  });
});

describe('series', () => {
  it('are the same object for the same name and labels, whatever object the labels come in', () => {
    const interner = new SeriesInterner(
      { job: 'x' },
      (text) => text,
      () => 0,
    );
    const labels = { device: 'sda' };
    const first = interner.of({ name: 'a', labels, value: 1 });
    expect(interner.of({ name: 'a', labels, value: 2 })).toBe(first);
    expect(interner.of({ name: 'a', labels: { device: 'sda' }, value: 2 })).toBe(first);
    expect(interner.of({ name: 'b', labels, value: 2 })).not.toBe(first);
    expect(interner.of({ name: 'a', labels: { device: 'sdb' }, value: 2 })).not.toBe(first);
  });

  it('never show a secret in a label', () => {
    const redactor = createRedactor();
    redactor.protect('hunter2-hunter2');
    const interner = new SeriesInterner({}, redactor.redact, () => 0);
    expect(
      interner.of({ name: 'a', labels: { url: 'http://x/?token=hunter2-hunter2' }, value: 1 })?.labels,
    ).toEqual({ url: 'http://x/?token=[secret]' });
  });

  it('of a plugin that makes up labels are refused beyond a number within an hour, while known ones go on', () => {
    let nowMs = 0;
    const interner = new SeriesInterner(
      {},
      (text) => text,
      () => nowMs,
    );
    const of = (id: number) => interner.of({ name: 'a', labels: { id: String(id) }, value: 1 });
    for (let id = 0; id < MAX_SERIES_PER_SOURCE; id++) expect(of(id)).toBeDefined();
    expect([of(MAX_SERIES_PER_SOURCE), interner.isFull]).toEqual([undefined, true]);
    expect(of(7)?.labels).toEqual({ id: '7' });
    expect(interner.isFull).toBe(false);
    nowMs = 3_600_000;
    expect(of(MAX_SERIES_PER_SOURCE)).toBeDefined();
    expect(of(7)).toBeDefined();
  });
});

describe('the backlog', () => {
  it('never holds more rows than allowed, but for the batch on its way and the newest one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 50 }), (sizes) => {
        const backlog = new SampleBacklog(100);
        let [pushed, dropped] = [0, 0];
        for (const size of sizes) {
          const series = Array.from({ length: size }, () => ({ name: 'a', labels: {} }));
          dropped += backlog.push({ series, timesMs: [], values: [], entities: new Set() });
          pushed += size;
        }
        expect(backlog.rows).toBe(pushed - dropped);
        expect(backlog.rows).toBeLessThanOrEqual(100);
        expect(backlog.first()?.series.length).toBe(sizes[0]);
      }),
    );
  });
});
