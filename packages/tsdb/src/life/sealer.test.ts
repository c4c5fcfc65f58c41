import { ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, LASTING, openTsdb, reopenAfter, START_MS, type TsdbLab } from '../testing/open-tsdb.js';
import { ALL, batchOf, contentsOf, lineOf, type Row } from '../testing/sample-rows.js';

const UP = { name: 'up', labels: { job: 'node' } };
const MINUTE_MS = 60_000;

const at = (timeMs: number, value = timeMs): Row => [UP, timeMs, value];
const linesOf = (rows: readonly Row[]) => rows.map((row) => lineOf(...row)).sort();
const append = (lab: TsdbLab, ...rows: readonly Row[]) => lab.tsdb.append(batchOf(rows), { backfill: true });
/** Lets what an append has started come to its end. */
const upkeep = (lab: TsdbLab) => lab.clock.advance(0);

/** So little memory that some dozen samples are too much. */
const SMALL = { ...LASTING, maxHeadBytes: 100 };
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, row) => at(START_MS - HOUR_MS + from + row, (row + 1) / 7));

describe('sealing', () => {
  it('goes on when the clock, which had been in the future, has come back', async () => {
    const clock = new ManualClock(START_MS + 365 * 24 * HOUR_MS);
    const lab = await openTsdb({ clock });
    await append(lab, at(START_MS + 1));
    await upkeep(lab);
    expect(lab.store.packs.size).toBeGreaterThan(0);
    clock.jump(-364 * 24 * HOUR_MS);
    await append(lab, at(START_MS + 24 * HOUR_MS + 1));
    await upkeep(lab);
    const sealed = lab.store.packs.size;
    await lab.clock.advance(3 * HOUR_MS);
    await append(lab, at(START_MS + 27 * HOUR_MS));
    await upkeep(lab);
    expect(lab.store.packs.size).toBeGreaterThan(sealed);
  });

  it('moves a window into packs some minutes after its end, and leaves what is newer', async () => {
    const lab = await openTsdb();
    await append(lab, at(START_MS + 1), at(START_MS + 2 * HOUR_MS), at(START_MS + 2 * HOUR_MS + 1));
    await lab.clock.advance(2 * HOUR_MS + 9 * MINUTE_MS);
    await append(lab, at(START_MS + 2 * HOUR_MS + MINUTE_MS));
    await upkeep(lab);
    expect(lab.store.packs.size).toBe(0);
    await lab.clock.advance(MINUTE_MS + 1);
    await append(lab, at(START_MS + 3 * HOUR_MS));
    await upkeep(lab);
    const [pack] = [...lab.store.packs.values()];
    expect(pack).toMatchObject({
      resolutionMs: 0,
      samples: 2,
      fromMs: START_MS,
      toMs: START_MS + 2 * HOUR_MS,
    });
    expect(lab.store.packs.size).toBe(1);
    expect((await contentsOf(lab.tsdb)).length).toBe(5);
  });

  it('moves everything when there is more in memory than there should be', async () => {
    const lab = await openTsdb({ rules: SMALL });
    const rows = many(20);
    await append(lab, ...rows);
    await upkeep(lab);
    expect([...lab.store.packs.values()].reduce((sum, { samples }) => sum + samples, 0)).toBe(20);
    expect((await lab.tsdb.stats()).samples).toBe(20);
    expect(await contentsOf(lab.tsdb)).toEqual(linesOf(rows));
  });

  it('moves everything when the journal could not be synced', async () => {
    const lab = await openTsdb();
    lab.medium.failing.add('sync');
    await append(lab, at(START_MS));
    await lab.clock.advance(10_000);
    await append(lab, at(START_MS + 10_000));
    await upkeep(lab);
    expect([...lab.store.packs.values()].reduce((sum, { samples }) => sum + samples, 0)).toBe(2);
    const next = await reopenAfter('power cut', lab);
    expect(await contentsOf(next.tsdb)).toEqual(linesOf([at(START_MS), at(START_MS + 10_000)]));
  });

  it('moves everything when the journal could not be synced while a window was being sealed', async () => {
    const lab = await openTsdb();
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    await append(lab, at(START_MS));
    await lab.clock.advance(10_000 + 3 * HOUR_MS);
    lab.store.gate = () => opened;
    const newer = START_MS + 3 * HOUR_MS;
    await append(lab, at(newer));
    await upkeep(lab);
    lab.medium.failing.add('sync');
    await lab.clock.advance(10_000);
    expect(lab.log.messages('warn')).toContain('samples could not be synced to disk');
    open();
    await upkeep(lab);
    lab.medium.failing.delete('sync');
    await append(lab, at(newer + 10_000));
    await upkeep(lab);
    const next = await reopenAfter('power cut', lab);
    expect(await contentsOf(next.tsdb)).toContain(lineOf(...at(newer)));
  });

  it('is tried again a minute after it failed, not before, and nothing is lost meanwhile', async () => {
    const lab = await openTsdb({ rules: SMALL });
    lab.store.failsAt = () => true;
    await append(lab, ...many(12));
    await upkeep(lab);
    expect([lab.store.commits, lab.log.messages('warn').length]).toEqual([1, 1]);
    await lab.clock.advance(MINUTE_MS - 1);
    await append(lab, at(START_MS));
    await upkeep(lab);
    expect(lab.store.commits).toBe(1);
    lab.store.failsAt = () => false;
    await lab.clock.advance(1);
    await append(lab, at(START_MS + 1));
    await upkeep(lab);
    expect(lab.store.packs.size).toBeGreaterThan(0);
    expect((await lab.tsdb.stats()).samples).toBe(14);
    expect((await contentsOf(lab.tsdb)).length).toBe(14);
  });

  it('takes no more samples when memory is full and the store fails, and loses none that it took', async () => {
    const lab = await openTsdb({ rules: SMALL });
    lab.store.failsAt = () => true;
    const accepted: Row[] = [];
    const pour = async (from: number) => {
      for (let turn = 0; turn < 10; turn++) {
        const rows = many(5, from + turn * 100);
        await append(lab, ...rows);
        accepted.push(...rows);
      }
    };
    await expect(pour(0)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(accepted.length).toBeGreaterThan(10);
    expect(await contentsOf(lab.tsdb)).toEqual(linesOf(accepted));
    expect(await contentsOf((await reopenAfter('kill', lab)).tsdb)).toEqual(linesOf(accepted));
    lab.store.failsAt = () => false;
    await lab.clock.advance(MINUTE_MS);
    await pour(10_000);
    expect(await contentsOf(lab.tsdb)).toEqual(linesOf(accepted));
    expect(await contentsOf((await reopenAfter('close', lab)).tsdb)).toEqual(linesOf(accepted));
  });

  it('lets go of the journal of what is in packs, but not of what is newer', async () => {
    const lab = await openTsdb();
    await append(lab, at(START_MS));
    await lab.tsdb.settle();
    await append(lab, at(START_MS + 1));
    await lab.tsdb.settle();
    await append(lab, at(START_MS + 2));
    expect([...lab.medium.segments.keys()]).toEqual([2, 3]);
    const next = await reopenAfter('kill', lab);
    expect((await next.tsdb.stats()).samples).toBe(3);
    expect((await contentsOf(next.tsdb)).length).toBe(3);
  });

  it('reads nothing twice that was sealed and is still in the journal', async () => {
    const lab = await openTsdb();
    const clock = new ManualClock(START_MS + 12 * HOUR_MS);
    await append(lab, at(START_MS), at(START_MS + 3 * HOUR_MS));
    lab.medium.failing.add('drop');
    await lab.tsdb.settle().catch(() => undefined);
    const next = await reopenAfter('kill', { ...lab, clock });
    expect((await next.tsdb.stats()).samples).toBe(2);
    expect(await next.tsdb.delete(ALL, 0, Number.MAX_SAFE_INTEGER)).toBe(2);
    expect(await contentsOf((await reopenAfter('kill', next)).tsdb)).toEqual([]);
  });

  it('never gives the number of a segment twice', async () => {
    const first = await openTsdb();
    for (const later of [0, 1, 2, 3]) {
      await append(first, at(START_MS + later));
      await first.tsdb.sync();
    }
    const second = await reopenAfter('close', first);
    await second.tsdb.delete(ALL, 0, Number.MAX_SAFE_INTEGER);
    await second.tsdb.settle();
    const third = await reopenAfter('close', second);
    const rows = [at(START_MS + 10), at(START_MS + 11)];
    for (const row of rows) await append(third, row);
    await third.tsdb.sync();
    const fourth = await reopenAfter('kill', third);
    expect(await contentsOf(fourth.tsdb)).toEqual(linesOf(rows));
  });
});
