import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, openTsdb, reopenAfter, START_MS, type TsdbLab } from './testing/open-tsdb.js';
import { batchOf, contentsOf, lineOf, named, type Row } from './testing/sample-rows.js';

const SERIES = ['up', 'requests_total', 'load'].map((name) => ({ name, labels: { job: 'node' } }));
const EVER = [0, Number.MAX_SAFE_INTEGER] as const;

/** Three days of some samples, and the same value for what comes twice. */
const rows = (fromMs: number): Row[] =>
  SERIES.flatMap((series, index) =>
    Array.from({ length: 9 }, (_, row): Row => [series, fromMs + row * 8 * HOUR_MS + index, row + index / 4]),
  );
const append = ({ tsdb }: TsdbLab, added: readonly Row[]) => tsdb.append(batchOf(added), { backfill: true });

/** Seals, compacts, takes late samples and compacts again. */
async function live(lab: TsdbLab, accepted: Row[]): Promise<void> {
  const add = async (added: readonly Row[]) => {
    await append(lab, added);
    accepted.push(...added);
  };
  await add(rows(START_MS));
  await lab.tsdb.settle();
  await lab.clock.advance(4 * DAY_MS);
  await add(rows(START_MS + 5 * HOUR_MS));
  await lab.tsdb.settle();
  await add(rows(START_MS + 17));
  await lab.tsdb.settle();
}

const linesOf = (accepted: readonly Row[]) => accepted.map((row) => lineOf(...row)).sort();

async function commitsOfLife(): Promise<number> {
  const lab = await openTsdb();
  await live(lab, []);
  return lab.store.commits;
}

describe('an end at any commit', () => {
  it('leaves every sample that was accepted, once and unchanged', async () => {
    const last = await commitsOfLife();
    expect(last).toBeGreaterThan(6);
    for (let nth = 1; nth <= last; nth++) {
      const lab = await openTsdb();
      const accepted: Row[] = [];
      lab.store.failsAt = (commit) => commit >= nth;
      await live(lab, accepted).catch(() => undefined);
      const next = await reopenAfter('kill', lab);
      expect(await contentsOf(next.tsdb), `failing from commit ${nth} on`).toEqual(linesOf(accepted));
      await next.tsdb.settle();
      expect(await contentsOf(next.tsdb), `settled after commit ${nth}`).toEqual(linesOf(accepted));
      expect((await next.tsdb.stats()).samples).toBe(accepted.length);
    }
  });

  it('is no end: the same process goes on after one commit that failed', async () => {
    const last = await commitsOfLife();
    for (let nth = 1; nth <= last; nth++) {
      const lab = await openTsdb();
      const accepted: Row[] = [];
      lab.store.failsAt = (commit) => commit === nth;
      await live(lab, accepted).catch(() => undefined);
      await lab.tsdb.settle();
      expect(await contentsOf(lab.tsdb), `failed commit ${nth}`).toEqual(linesOf(accepted));
      expect(await contentsOf((await reopenAfter('close', lab)).tsdb)).toEqual(linesOf(accepted));
    }
  });

  it('leaves a deletion that can be made again, and nothing comes back after it', async () => {
    for (let nth = 1; nth <= 12; nth++) {
      const lab = await openTsdb();
      const accepted: Row[] = [];
      await live(lab, accepted);
      const before = lab.store.commits;
      lab.store.failsAt = (commit) => commit >= before + nth;
      await lab.tsdb.delete(named('up'), ...EVER).catch(() => undefined);
      const next = await reopenAfter('kill', lab);
      await next.tsdb.delete(named('up'), ...EVER);
      const left = linesOf(accepted.filter(([{ name }]) => name !== 'up'));
      expect(await contentsOf(next.tsdb), `failing from commit ${nth} on`).toEqual(left);
      expect(await contentsOf((await reopenAfter('kill', next)).tsdb)).toEqual(left);
    }
  });

  it('leaves roll-ups that are whole after the next settling', async () => {
    const deleteHalf = (lab: TsdbLab) => lab.tsdb.delete(named('up'), START_MS + 60_000, START_MS + 120_000);
    const dense = Array.from(
      { length: 20 },
      (_, row): Row => [SERIES[0] as Row[0], START_MS + 1 + row * 30_000, row],
    );
    const lab = await openTsdb();
    await append(lab, dense);
    await lab.clock.advance(2 * DAY_MS);
    await lab.tsdb.settle();
    const before = lab.store.commits;
    lab.store.failsAt = (commit) => commit === before + 4;
    await deleteHalf(lab);
    await lab.tsdb.settle();
    const span = { fromMs: START_MS, toMs: START_MS + HOUR_MS, stepMs: 300_000 };
    const { series } = await lab.tsdb.rollup(named('up'), span);
    expect(series.map(({ count }) => [...count])).toEqual([[8, 10]]);
  });

  it('leaves no series twice when it could not be removed and came again', async () => {
    const lab = await openTsdb();
    await append(lab, [[SERIES[0] as Row[0], START_MS, 1]]);
    await lab.tsdb.settle();
    const before = lab.store.commits;
    lab.store.failsAt = (commit) => commit === before + 2;
    await expect(lab.tsdb.delete(named('up'), ...EVER)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    await append(
      lab,
      SERIES.map((series): Row => [series, START_MS + 1, 2]),
    );
    await lab.tsdb.settle();
    const next = await reopenAfter('close', lab);
    expect(await next.tsdb.series(named('up'))).toEqual([SERIES[0]]);
  });

  it('leaves no empty series behind', async () => {
    const lab = await openTsdb();
    await append(lab, [[SERIES[0] as Row[0], START_MS, 1]]);
    await lab.tsdb.settle();
    const before = lab.store.commits;
    lab.store.failsAt = (commit) => commit >= before + 2;
    await lab.tsdb.delete(named('up'), ...EVER).catch(() => undefined);
    const next = await reopenAfter('kill', lab);
    await next.tsdb.delete(named('up'), ...EVER);
    await next.tsdb.settle();
    expect(await next.tsdb.series(named('up'))).toEqual([]);
  });
});
