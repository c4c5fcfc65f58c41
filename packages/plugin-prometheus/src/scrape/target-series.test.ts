import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TargetSeries } from './target-series.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
/** A scrape that brings these series, or one that fails after them. */
const scrape = fc.record({
  fails: fc.boolean(),
  brings: fc.array(fc.constantFrom(...NAMES), { maxLength: 8 }),
});

describe('the series of a target', () => {
  it('are told when they come and when they go, whatever happens in between', () => {
    fc.assert(
      fc.property(fc.array(scrape, { maxLength: 12 }), (scrapes) => {
        const series = new TargetSeries([]);
        let before = new Set<string>();
        for (const { fails, brings } of scrapes) {
          const now = new Set<string>();
          series.begin();
          for (const name of brings) {
            const known = series.of({ name, labels: {} })!;
            expect(series.take(known, undefined)).toBe(!now.has(name));
            now.add(name);
          }
          const gone = [...before].filter((name) => fails || !now.has(name));
          if (fails) {
            expect(series.abandon().map(({ name }) => name)).toEqual(gone);
            before = new Set();
          } else {
            const { added, vanished } = series.commit();
            expect(vanished.map(({ name }) => name)).toEqual(gone);
            expect(added).toBe([...now].filter((name) => !before.has(name)).length);
            before = now;
          }
        }
      }),
    );
  });

  it('with timestamps of their own may come at several times, and nobody knows when they end', () => {
    const series = new TargetSeries([]);
    series.begin();
    const known = series.of({ name: 'a', labels: { b: 'c' } })!;
    expect([series.take(known, 1), series.take(known, 2), series.take(known, 2)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(series.commit()).toEqual({ added: 1, vanished: [] });
    series.begin();
    expect(series.commit()).toEqual({ added: 0, vanished: [] });
  });

  it('are not those of the report', () => {
    const series = new TargetSeries([{ name: 'up', labels: { job: 'a' } }]);
    expect(series.of({ name: 'up', labels: { job: 'a' } })).toBeUndefined();
    expect(series.of({ name: 'up', labels: { job: 'b' } })).toBeDefined();
  });

  it('that change with every scrape are forgotten, while those that are there stay the same objects', () => {
    const series = new TargetSeries([]);
    let [pruned, stays] = [0, series.of({ name: 'stays', labels: {} })];
    for (let round = 0; round < 30; round++) {
      series.begin();
      for (let index = 0; index < 100; index++)
        series.take(series.of({ name: `passing_${round}_${index}`, labels: {} })!, undefined);
      series.take(stays!, undefined);
      series.commit();
      if (series.prune()) pruned += 1;
      expect(series.of({ name: 'stays', labels: {} })).toBe(stays);
    }
    expect(pruned).toBe(2);
  });
});
