import { describe, expect, it } from 'vitest';
import { readPack } from '../packs/pack.js';
import { DAY_MS, HOUR_MS, openTsdb, reopenAfter, START_MS, type TsdbLab } from '../testing/open-tsdb.js';
import { ALL, batchOf, contentsOf, named, type Row } from '../testing/sample-rows.js';

const SERIES = ['a', 'b', 'c'].map((name) => ({ name, labels: {} }));
/** Some samples of each series in each of three windows. */
const rows = SERIES.flatMap((series) =>
  [0, 2, 4].flatMap((hour) =>
    Array.from(
      { length: 5 },
      (_, row): Row => [series, START_MS + hour * HOUR_MS + 1 + row * 1_000, row / 7],
    ),
  ),
);
const SPAN = { fromMs: START_MS, toMs: START_MS + DAY_MS, stepMs: HOUR_MS };
const LEFT_OUT = 'damaged samples are left out';

async function sealed(): Promise<TsdbLab> {
  const lab = await openTsdb();
  await lab.tsdb.append(batchOf(rows), { backfill: true });
  await lab.tsdb.settle();
  return lab;
}
async function settled(): Promise<TsdbLab> {
  const lab = await openTsdb();
  await lab.tsdb.append(batchOf(rows), { backfill: true });
  await lab.clock.advance(2 * DAY_MS);
  await lab.tsdb.settle();
  return lab;
}
const packsOf = ({ store }: TsdbLab, resolutionMs = 0) =>
  [...store.packs.values()]
    .filter((pack) => pack.resolutionMs === resolutionMs)
    .sort((a, b) => a.fromMs - b.fromMs);
const flipped = (at: number) => (data: Uint8Array) => {
  data[at] = (data[at] as number) ^ 0x40;
  return data;
};
/** Flips a byte of the chunk of one series in a pack. */
function damageChunk({ store }: TsdbLab, id: number, seriesAt: number): void {
  store.damage(id, (data) => {
    const chunk = readPack(data)[seriesAt]?.bytes as Uint8Array;
    return flipped(chunk.byteOffset - data.byteOffset + chunk.length - 2)(data);
  });
}
async function countsOf({ tsdb }: TsdbLab): Promise<Record<string, number>> {
  const found = await tsdb.select(ALL, 0, Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(found.map(({ series, timesMs }) => [series.name, timesMs.length]));
}

describe('damage', () => {
  it('of a chunk costs the samples of that chunk, and is told once', async () => {
    const lab = await sealed();
    damageChunk(lab, packsOf(lab)[1]?.id as number, 1);
    for (let times = 0; times < 3; times++) expect(await countsOf(lab)).toEqual({ a: 15, b: 10, c: 15 });
    await lab.tsdb.latest(ALL, 0);
    await lab.tsdb.rollup(ALL, SPAN);
    expect(lab.log.messages('error')).toEqual([LEFT_OUT]);
    expect(lab.log.lines.at(-1)?.fields).toMatchObject({
      place: expect.stringContaining('series 2') as string,
    });
  });

  it('of the list of a pack costs that pack, and is told once', async () => {
    for (const at of [0, 1, 2, 5]) {
      const lab = await sealed();
      lab.store.damage(packsOf(lab)[1]?.id as number, flipped(at));
      for (let times = 0; times < 2; times++) expect(await countsOf(lab)).toEqual({ a: 10, b: 10, c: 10 });
      expect(lab.log.messages('error')).toEqual([LEFT_OUT]);
    }
  });

  it('that cuts a pack off costs the chunks at its end', async () => {
    const lab = await sealed();
    lab.store.damage(packsOf(lab)[0]?.id as number, (data) => data.subarray(0, data.length - 3));
    expect(await countsOf(lab)).toEqual({ a: 15, b: 15, c: 10 });
    expect(lab.log.messages('error')).toEqual([LEFT_OUT]);
  });

  it('of a roll-up costs that one', async () => {
    const lab = await settled();
    damageChunk(lab, packsOf(lab, HOUR_MS)[0]?.id as number, 0);
    const found = await lab.tsdb.rollup(ALL, SPAN);
    expect(found.series.map(({ series }) => series.name)).toEqual(['b', 'c']);
    expect(lab.log.messages('error')).toEqual([LEFT_OUT]);
    expect(await countsOf(lab)).toEqual({ a: 15, b: 15, c: 15 });
  });

  it('of a chunk does not keep its day from being settled, nor its neighbours from being deleted', async () => {
    const lab = await sealed();
    damageChunk(lab, packsOf(lab)[1]?.id as number, 1);
    expect(await lab.tsdb.delete(named('a'), 0, Number.MAX_SAFE_INTEGER)).toBe(15);
    expect(await countsOf(lab)).toEqual({ b: 10, c: 15 });
    await lab.clock.advance(2 * DAY_MS);
    await lab.tsdb.settle();
    expect(await countsOf(lab)).toEqual({ b: 10, c: 15 });
    expect(packsOf(lab, HOUR_MS).length).toBe(1);
    expect(await countsOf(await reopenAfter('kill', lab))).toEqual({ b: 10, c: 15 });
  });

  it('of the list of a pack is told when its day is settled', async () => {
    const lab = await sealed();
    lab.store.damage(packsOf(lab)[1]?.id as number, flipped(2));
    await lab.clock.advance(2 * DAY_MS);
    await lab.tsdb.settle();
    expect(await countsOf(lab)).toEqual({ a: 10, b: 10, c: 10 });
    expect(lab.log.messages('error')).toEqual([LEFT_OUT]);
  });
});

describe('reading while packs change', () => {
  function shutGate() {
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { opened, open };
  }

  it('finds everything although the packs are replaced by those of a day meanwhile', async () => {
    const lab = await sealed();
    await lab.clock.advance(2 * DAY_MS);
    const gate = shutGate();
    let isFirst = true;
    lab.store.gate = async (what) => {
      if (what !== 'read' || !isFirst) return;
      isFirst = false;
      await gate.opened;
    };
    const reading = contentsOf(lab.tsdb);
    await lab.tsdb.settle();
    gate.open();
    expect((await reading).length).toBe(rows.length);
  });

  it('finds everything although the head is sealed meanwhile', async () => {
    const lab = await sealed();
    const late = SERIES.map((series): Row => [series, START_MS + 9 * HOUR_MS, 1]);
    await lab.tsdb.append(batchOf(late), { backfill: true });
    const gate = shutGate();
    lab.store.gate = async (what) => (what === 'read' ? gate.opened : undefined);
    const reading = contentsOf(lab.tsdb);
    await lab.tsdb.settle();
    gate.open();
    expect((await reading).length).toBe(rows.length + 3);
  });
});
