import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, openTsdb, START_MS } from '../testing/open-tsdb.js';
import { ALL, batchOf, contentsOf, lineOf, type Row } from '../testing/sample-rows.js';

const series = Array.from({ length: 3_000 }, (_, index) => ({
  name: 'up',
  labels: { instance: `host-${index}` },
}));
/** Steady samples that hardly cost anything: a pack holds thousands of series. */
const rows = (count: number) =>
  Array.from({ length: 12 }, (_, turn) =>
    series.slice(0, count).map((one): Row => [one, START_MS + 1_000 + turn * 60_000, 1]),
  ).flat();
const fromMs = START_MS + 1_000 + 4 * 60_000;
const isLeft = ([, timeMs]: Row) => timeMs < fromMs || timeMs > fromMs + 60_000;

describe('a deletion', () => {
  it.each([
    ['sealed packs', 0],
    ['settled packs', 2 * DAY_MS],
  ])('takes a span out of the middle of %s', async (_, laterMs) => {
    const lab = await openTsdb();
    await lab.tsdb.append(batchOf(rows(20)), { backfill: true });
    await lab.clock.advance(laterMs);
    await lab.tsdb.settle();
    const packs = lab.store.packs.size;
    expect(await lab.tsdb.delete(ALL, fromMs, fromMs + 60_000)).toBe(40);
    expect(lab.store.packs.size).toBe(packs);
    expect(await contentsOf(lab.tsdb)).toEqual(
      rows(20)
        .filter(isLeft)
        .map((row) => lineOf(...row))
        .sort(),
    );
    expect((await lab.tsdb.stats()).samples).toBe(200);
  });

  it('of everything leaves nothing', async () => {
    const lab = await openTsdb();
    await lab.tsdb.append(batchOf(rows(20)), { backfill: true });
    await lab.tsdb.settle();
    expect(await lab.tsdb.delete(ALL, START_MS, START_MS + HOUR_MS)).toBe(240);
    expect([lab.store.packs.size, lab.store.series.size]).toEqual([0, 0]);
    expect(await lab.tsdb.stats()).toMatchObject({ series: 0, samples: 0 });
  });

  it('takes a span out of a pack of thousands of series', async () => {
    const lab = await openTsdb();
    await lab.tsdb.append(batchOf(rows(3_000)), { backfill: true });
    await lab.tsdb.settle();
    expect(await lab.tsdb.delete(ALL, fromMs, fromMs + 60_000)).toBe(6_000);
    expect((await lab.tsdb.stats()).samples).toBe(30_000);
  });
});
