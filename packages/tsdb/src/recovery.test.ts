import type { Matcher, Series } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  HOUR_MS,
  LASTING,
  openTsdb,
  reopenAfter,
  START_MS,
  type TsdbLab,
} from './testing/open-tsdb.js';
import { anyBits, batchOf, contentsOf, lineOf, named, type Row, SEED } from './testing/sample-rows.js';

const SERIES: readonly Series[] = ['up', 'load', 'requests_total', 'a:b'].map((name, index) => ({
  name,
  labels: { ...(index % 2 === 0 ? { instance: 'nas' } : {}) },
}));

/** Little memory, so that sealing is due now and then without being asked for. */
const RULES = { ...LASTING, maxHeadBytes: 600 };

/** What a model says there is: bits by series and time. */
type Model = Map<string, { readonly row: Row; readonly bits: bigint }>;

interface World {
  lab: TsdbLab;
  readonly model: Model;
}

/** One thing that happens. */
type Act = (world: World) => Promise<void>;

/** Not all times: some come twice, with another value. */
const slot = fc.integer({ min: 0, max: 300 }).map((count) => count * 7 * 60_000);
const row = fc.tuple(fc.constantFrom(...SERIES), slot, anyBits);

async function add({ lab, model }: World, rows: readonly Row[], backfill: boolean): Promise<void> {
  await lab.tsdb.append(batchOf(rows), { backfill });
  for (const one of rows) {
    const key = `${one[0].name} ${one[1]}`;
    if (!model.has(key)) model.set(key, { row: one, bits: one[2] as bigint });
  }
}

/** Within the window for late samples, so that none is refused. */
const appending = fc.array(row, { minLength: 1, maxLength: 12 }).map(
  (rows): Act =>
    (world) => {
      const nowMs = world.lab.clock.now();
      return add(
        world,
        rows.map(([series, slotMs, bits]): Row => [series, nowMs - (slotMs % HOUR_MS), bits]),
        true,
      );
    },
);
const backfilling = fc.array(row, { minLength: 1, maxLength: 12 }).map(
  (rows): Act =>
    (world) =>
      add(
        world,
        rows.map(([series, slotMs, bits]): Row => [series, START_MS + slotMs, bits]),
        true,
      ),
);
const deleting = fc.tuple(fc.constantFrom(...SERIES), slot, slot).map(
  ([series, fromSlot, length]): Act =>
    async ({ lab, model }) => {
      const matchers: readonly Matcher[] = named(series.name);
      const [fromMs, toMs] = [START_MS + fromSlot, START_MS + fromSlot + length];
      const doomed = [...model].filter(
        ([
          ,
          {
            row: [{ name }, timeMs],
          },
        ]) => name === series.name && timeMs >= fromMs && timeMs <= toMs,
      );
      expect(await lab.tsdb.delete(matchers, fromMs, toMs)).toBe(doomed.length);
      for (const [key] of doomed) model.delete(key);
    },
);
const passing = fc.constantFrom(10_000, HOUR_MS, 5 * HOUR_MS, DAY_MS).map(
  (ms): Act =>
    ({ lab }) =>
      lab.clock.advance(ms),
);
const settling = fc.constant<Act>(({ lab }) => lab.tsdb.settle());
const reopening = fc.constantFrom('close', 'kill', 'power cut').map(
  (end): Act =>
    async (world) => {
      // Ten seconds later everything survives a power cut.
      if (end === 'power cut') await world.lab.clock.advance(RULES.syncWithinMs);
      world.lab = await reopenAfter(end as 'close' | 'kill' | 'power cut', world.lab);
    },
);
/** The store fails for a while, and nothing that was accepted is lost by it. */
const failing = fc.array(row, { minLength: 1, maxLength: 5 }).map(
  (rows): Act =>
    async (world) => {
      const { store, clock } = world.lab;
      store.failsAt = () => true;
      await clock.advance(3 * HOUR_MS);
      await add(
        world,
        rows.map(([series, slotMs, bits]): Row => [series, START_MS + slotMs + 1, bits]),
        true,
      ).catch((error: unknown) => expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' }));
      await world.lab.tsdb.settle().catch(() => undefined);
      store.failsAt = () => false;
      await clock.advance(60_000);
    },
);

const act = fc.oneof(
  { weight: 5, arbitrary: appending },
  { weight: 3, arbitrary: backfilling },
  { weight: 2, arbitrary: deleting },
  { weight: 3, arbitrary: passing },
  ...[settling, reopening, failing].map((arbitrary) => ({ weight: 2, arbitrary })),
);

const expected = (model: Model) =>
  [...model.values()].map(({ row: [series, timeMs], bits }) => lineOf(series, timeMs, bits)).sort();

describe('the engine and a model of it', () => {
  it('hold the same after whatever happened, sample by sample and bit by bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25, size: 'max' }), async (acts) => {
        const world: World = { lab: await openTsdb({ rules: RULES }), model: new Map() };
        for (const one of acts) {
          await one(world);
          // Reading while packs are replaced has a test of its own, beside the reader of packs.
          await world.lab.clock.advance(0);
          expect(await contentsOf(world.lab.tsdb)).toEqual(expected(world.model));
        }
        const { lab, model } = world;
        const held = new Set([...model.values()].map(({ row: [{ name }] }) => name));
        const names = (await lab.tsdb.series(named('up'))).map(({ name }) => name);
        if (held.has('up')) expect(names).toEqual(['up']);
        for (const end of ['close', 'kill'] as const)
          expect(await contentsOf((await reopenAfter(end, lab)).tsdb)).toEqual(expected(model));
        expect(lab.log.messages('error')).toEqual([]);
      }),
      { seed: SEED, numRuns: 300 },
    );
  }, 60_000);

  it('have the same last sample of each series', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 15, size: 'max' }), slot, async (acts, sinceSlot) => {
        const world: World = { lab: await openTsdb({ rules: RULES }), model: new Map() };
        for (const one of acts) await one(world);
        await world.lab.clock.advance(0);
        const last = new Map<string, string>();
        for (const {
          row: [series, timeMs],
          bits,
        } of [...world.model.values()].sort((a, b) => a.row[1] - b.row[1]))
          if (timeMs >= START_MS + sinceSlot) last.set(series.name, lineOf(series, timeMs, bits));
        const found = await world.lab.tsdb.latest(
          [{ label: '__name__', operator: '!=', value: '' }],
          START_MS + sinceSlot,
        );
        expect(
          found
            .map(({ series, timesMs, values }) =>
              lineOf(series, timesMs[0] as number, new BigUint64Array(values.slice().buffer)[0] as bigint),
            )
            .sort(),
        ).toEqual([...last.values()].sort());
      }),
      { seed: SEED, numRuns: 100 },
    );
  }, 60_000);

  it('hold after a power cut all but the last ten seconds, and nothing else', async () => {
    for (let rounds = 1; rounds <= 15; rounds++) {
      const lab = await openTsdb();
      const accepted: Row[] = [];
      for (let round = 0; round < rounds; round++) {
        const rows = SERIES.map((series): Row => [series, lab.clock.now(), BigInt(round)]);
        await lab.tsdb.append(batchOf(rows));
        accepted.push(...rows);
        await lab.clock.advance(3_000);
      }
      const safe = accepted.filter(([, timeMs]) => timeMs <= lab.clock.now() - RULES.syncWithinMs);
      const found = await contentsOf((await reopenAfter('power cut', lab)).tsdb);
      const [all, least] = [accepted, safe].map((rows) => rows.map((one) => lineOf(...one)));
      expect(all).toEqual(expect.arrayContaining([...found]));
      expect(found).toEqual(expect.arrayContaining(least as string[]));
      expect(new Set(found).size).toBe(found.length);
    }
  });
});
