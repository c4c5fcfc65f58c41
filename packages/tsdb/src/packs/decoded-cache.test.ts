import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, LASTING, openTsdb, START_MS } from '../testing/open-tsdb.js';
import { ALL, batchOf, contentsOf, type Row, SEED } from '../testing/sample-rows.js';
import { DecodedCache } from './decoded-cache.js';

describe('the cache of what was decoded', () => {
  it('never holds more bytes than it may, and knows how many it holds', () => {
    const act = fc.tuple(fc.constantFrom('get', 'set', 'clear'), fc.nat(20), fc.nat(60));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 100 }), (acts) => {
        const cache = new DecodedCache<{ bytes: number; key: number }>(100);
        for (const [what, key, bytes] of acts) {
          if (what === 'get') expect(cache.get(key)?.key ?? key).toBe(key);
          else if (what === 'set') cache.set(key, { bytes, key });
          else if (bytes > 55) cache.clear();
          expect(cache.bytes).toBeLessThanOrEqual(100);
        }
        const held = Array.from({ length: 21 }, (_, key) => cache.get(key)?.bytes ?? 0);
        expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBe(cache.bytes);
      }),
      { seed: SEED },
    );
  });

  it('lets go of what was not asked for the longest, and takes nothing that is large', () => {
    const cache = new DecodedCache<{ bytes: number }>(100);
    for (const key of [1, 2, 3, 4]) cache.set(key, { bytes: 25 });
    cache.get(1);
    cache.set(5, { bytes: 25 });
    cache.set(6, { bytes: 26 });
    expect([1, 2, 3, 4, 5, 6].map((key) => cache.get(key) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  const UP = { name: 'up', labels: {} };
  const rows = Array.from({ length: 50 }, (_, row): Row => [UP, START_MS + row * 600_000 + 1, row]);

  async function settled(cacheBytes = LASTING.cacheBytes) {
    const lab = await openTsdb({ rules: { ...LASTING, cacheBytes } });
    await lab.tsdb.append(batchOf(rows));
    await lab.clock.advance(2 * DAY_MS);
    await lab.tsdb.settle();
    return lab;
  }

  it('saves reading a pack a second time', async () => {
    const { tsdb, store } = await settled();
    const first = await contentsOf(tsdb);
    const reads = store.reads;
    expect(await contentsOf(tsdb)).toEqual(first);
    expect(store.reads).toBe(reads);
    const without = await settled(0);
    expect(await contentsOf(without.tsdb)).toEqual(first);
  });

  it('knows nothing of what was deleted', async () => {
    const { tsdb } = await settled();
    const span = { fromMs: START_MS, toMs: START_MS + DAY_MS, stepMs: 3_600_000 };
    const counted = async () =>
      (await tsdb.rollup(ALL, span)).series
        .flatMap(({ count }) => [...count])
        .reduce((sum, one) => sum + one, 0);
    expect([(await contentsOf(tsdb)).length, await counted()]).toEqual([50, 50]);
    expect(await tsdb.delete(ALL, START_MS + 6_000_000, START_MS + 12_000_000)).toBe(10);
    expect([(await contentsOf(tsdb)).length, await counted()]).toEqual([40, 40]);
  });

  it('remembers nothing that was read before a deletion and decoded after it', async () => {
    const { tsdb, store } = await settled();
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    store.gate = async (what) => (what === 'read' ? undefined : opened);
    const deleting = tsdb.delete(ALL, START_MS, START_MS + 6_000_000);
    await contentsOf(tsdb);
    open();
    await deleting;
    expect((await contentsOf(tsdb)).length).toBe(40);
  });
});
