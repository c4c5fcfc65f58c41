import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  HOUR_MS,
  LASTING,
  openTsdb,
  reopenAfter,
  START_MS,
  type TsdbLab,
} from '../testing/open-tsdb.js';
import { ALL, batchOf, contentsOf, named, type Row } from '../testing/sample-rows.js';
import type { RetentionRules } from './retention.js';

const FIVE_MINUTES = 300_000;
const FOREVER = new Map<number, number>();

const series = (name: string) => ({ name, labels: {} });
/** A sample every hour of some days, a little after it. */
const hours = (name: string, fromDay: number, days: number): Row[] =>
  Array.from(
    { length: days * 24 },
    (_, hour): Row => [series(name), START_MS + fromDay * DAY_MS + hour * HOUR_MS + 1, Math.sqrt(hour)],
  );

async function keeping(
  keepMs: RetentionRules['keepMs'],
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<TsdbLab> {
  return openTsdb({ rules: { ...LASTING, retention: { keepMs, maxBytes } } });
}
async function live(lab: TsdbLab, rows: readonly Row[], days: number): Promise<void> {
  await lab.tsdb.append(batchOf(rows), { backfill: true });
  await lab.clock.advance(days * DAY_MS);
  await lab.tsdb.settle();
}
const resolutions = ({ store }: TsdbLab) =>
  [...new Set([...store.packs.values()].map((pack) => pack.resolutionMs))].sort((a, b) => a - b);
const names = async ({ tsdb }: TsdbLab) => (await tsdb.series([])).map(({ name }) => name).sort();
const rollup = ({ tsdb }: TsdbLab, stepMs: number, toDay = 10) =>
  tsdb.rollup(ALL, { fromMs: START_MS, toMs: START_MS + toDay * DAY_MS, stepMs });

describe('retention', () => {
  it('lets go of each resolution at its own age', async () => {
    const lab = await keeping(
      new Map([
        [0, 2 * DAY_MS],
        [FIVE_MINUTES, 4 * DAY_MS],
        [HOUR_MS, 6 * DAY_MS],
      ]),
    );
    await live(lab, hours('up', 0, 1), 2);
    expect(resolutions(lab)).toEqual([0, FIVE_MINUTES, HOUR_MS]);
    await live(lab, [], 2);
    expect(resolutions(lab)).toEqual([FIVE_MINUTES, HOUR_MS]);
    await live(lab, [], 2);
    expect(resolutions(lab)).toEqual([HOUR_MS]);
    expect(await names(lab)).toEqual(['up']);
    await live(lab, [], 2);
    expect([resolutions(lab), await names(lab)]).toEqual([[], []]);
    expect(await names(await reopenAfter('kill', lab))).toEqual([]);
  });

  it('answers days whose samples are gone from what is left of them, and says from what', async () => {
    const lab = await keeping(
      new Map([
        [0, 2 * DAY_MS],
        [FIVE_MINUTES, 4 * DAY_MS],
      ]),
    );
    await live(lab, hours('up', 0, 1), 2);
    const before = await rollup(lab, HOUR_MS);
    expect((await rollup(lab, 60_000)).resolutionMs).toBe(0);
    await live(lab, [], 2);
    expect(await contentsOf(lab.tsdb)).toEqual([]);
    const fine = await rollup(lab, 60_000);
    expect([fine.resolutionMs, fine.series.map(({ count }) => count.length)]).toEqual([FIVE_MINUTES, [24]]);
    expect(await rollup(lab, HOUR_MS)).toEqual(before);
    await live(lab, [], 2);
    const coarse = await rollup(lab, FIVE_MINUTES);
    expect([coarse.resolutionMs, coarse.series.map(({ count }) => count.length)]).toEqual([HOUR_MS, [24]]);
  });

  it('lets the oldest samples go first when there is too much, and keeps the roll-ups', async () => {
    const full = await keeping(FOREVER);
    await live(full, hours('up', 0, 5), 7);
    const bytes = [...full.store.packs.values()].reduce((sum, pack) => sum + pack.bytes, 0);
    const lab = await keeping(FOREVER, bytes - 1);
    await live(lab, hours('up', 0, 5), 7);
    const left = [...lab.store.packs.values()];
    expect(left.reduce((sum, pack) => sum + pack.bytes, 0)).toBeLessThan(bytes);
    expect((await lab.tsdb.stats()).oldestMs).toBe(START_MS + 24 * HOUR_MS + 1);
    expect(await names(lab)).toEqual(['up']);
    expect((await rollup(lab, HOUR_MS)).series[0]?.count.length).toBe(120);
    const tight = await keeping(FOREVER, 0);
    await live(tight, hours('up', 0, 5), 7);
    expect([tight.store.packs.size, await names(tight)]).toEqual([0, []]);
  });

  it('lets series go of which nothing is left, and no others: neither those in memory nor those that began later', async () => {
    const lab = await keeping(new Map([0, FIVE_MINUTES, HOUR_MS].map((step) => [step, 3 * DAY_MS])));
    await live(lab, [...hours('gone', 0, 1), ...hours('kept', 0, 1), ...hours('kept', 3, 1)], 5);
    await lab.tsdb.append(batchOf([[series('new'), lab.clock.now(), 1]]));
    await live(lab, hours('late', 5, 1), 0);
    await lab.tsdb.sync();
    for (const next of [lab, await reopenAfter('power cut', lab), await reopenAfter('kill', lab)]) {
      expect(await names(next)).toEqual(['kept', 'late', 'new']);
      expect(await next.tsdb.labelValues('__name__')).toEqual(['kept', 'late', 'new']);
      expect((await next.tsdb.stats()).series).toBe(3);
    }
    // What has gone may come again.
    await lab.tsdb.append(batchOf([[series('gone'), lab.clock.now(), 1]]));
    expect((await lab.tsdb.select(named('gone'), 0, Number.MAX_SAFE_INTEGER))[0]?.timesMs.length).toBe(1);
    expect(await names(await reopenAfter('kill', lab))).toEqual(['gone', 'kept', 'late', 'new']);
  });

  it('answers a series from its roll-ups when its own samples of a day are gone, and others have theirs', async () => {
    const lab = await keeping(new Map([[0, 3 * DAY_MS - 12 * HOUR_MS]]));
    const morning = hours('early', 0, 1).slice(0, 5);
    await live(lab, [...morning, ...hours('late', 0, 1).slice(12)], 2);
    expect((await rollup(lab, 60_000)).series.length).toBe(2);
    await live(lab, [], 0.8);
    expect((await rollup(lab, HOUR_MS)).series.length).toBe(2);
    expect((await rollup(lab, 60_000)).series.length).toBe(2);
  });
});
