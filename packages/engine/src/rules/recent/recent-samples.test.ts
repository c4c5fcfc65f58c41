import type { Matcher, Series } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveSeries } from './live-series.js';
import { RecentSamples } from './recent-samples.js';

const MINUTE = 60_000;
const named = (value: string): Matcher[] => [{ label: '__name__', operator: '=', value }];
const onHost = (host: string): Matcher[] => [{ label: 'host', operator: '=~', value: host }];
const series = (name: string, host: string): Series => ({ name, labels: { host } });

let storage: ReturnType<typeof memoryStorage>;
let recent: RecentSamples;
beforeEach(() => {
  storage = memoryStorage();
  recent = new RecentSamples(storage.samples);
});

/** What is kept of a selection, as texts. */
function kept(matchers: Matcher[], fromMs: number, toMs: number) {
  return recent
    .selected(matchers, fromMs, toMs)
    .map(
      ({ series: { name, labels }, timesMs, values }) =>
        `${name} ${labels.host} ${[...timesMs]} ${[...values]}`,
    );
}

describe('the recent past of what rules read', () => {
  it('holds every series that a selection means, the ones that appear later too', async () => {
    await recent.watch([{ matchers: named('cpu'), keepMs: 5 * MINUTE }], 0);
    recent.take(series('cpu', 'nas'), 1_000, 1);
    recent.take(series('mem', 'nas'), 1_000, 2);
    recent.take(series('cpu', 'pi'), 2_000, 3);
    expect(kept(named('cpu'), 0, 5_000)).toEqual(['cpu nas 1000 1', 'cpu pi 2000 3']);
  });

  it('knows nothing of selections that nobody asked for', async () => {
    await recent.watch([{ matchers: named('cpu'), keepMs: MINUTE }], 0);
    expect(() => kept(named('mem'), 0, 1_000)).toThrow('this selection is not kept');
    expect(kept(named('cpu'), MINUTE, 2 * MINUTE)).toEqual([]);
  });

  it('begins with what is in the store', async () => {
    const one = series('cpu', 'nas');
    await storage.samples.append({ series: [one, one], timesMs: [1_000, 2_000], values: [1, 2] });
    await recent.watch([{ matchers: onHost('n.*'), keepMs: MINUTE }], 3_000);
    expect(kept(onHost('n.*'), 0, 3_000)).toEqual(['cpu nas 1000,2000 1,2']);
    expect(recent.takeTouched()).toEqual([]);
  });

  it('goes on answering what is kept while it reads what is new, and when that cannot be read', async () => {
    let isAway = false;
    const slow = {
      select: async (...asked: Parameters<typeof storage.samples.select>) => {
        if (isAway) throw new Error('the store is away');
        return storage.samples.select(...asked);
      },
    };
    recent = new RecentSamples(slow);
    await recent.watch([{ matchers: named('cpu'), keepMs: MINUTE }], 0);
    recent.take(series('cpu', 'nas'), 1_000, 1);
    isAway = true;
    const reading = recent.watch(
      ['cpu', 'mem'].map((name) => ({ matchers: named(name), keepMs: MINUTE })),
      2_000,
    );
    expect(kept(named('cpu'), 0, 2_000)).toEqual(['cpu nas 1000 1']);
    await expect(reading).rejects.toThrow('away');
    recent.take(series('cpu', 'nas'), 2_000, 2);
    recent.take(series('mem', 'nas'), 2_000, 3);
    expect([...kept(named('cpu'), 0, 2_000), ...kept(named('mem'), 0, 2_000)]).toEqual([
      'cpu nas 1000,2000 1,2',
      'mem nas 2000 3',
    ]);
  });

  it('puts what the store knows before what has arrived meanwhile, once', async () => {
    const one = series('cpu', 'nas');
    await storage.samples.append({
      series: [one, one, one],
      timesMs: [1_000, 2_000, 3_000],
      values: [1, 2, 3],
    });
    const reading = recent.watch([{ matchers: named('cpu'), keepMs: MINUTE }], 3_000);
    recent.take(one, 3_000, 3);
    recent.take(one, 4_000, 4);
    await reading;
    expect(kept(named('cpu'), 0, 5_000)).toEqual(['cpu nas 1000,2000,3000,4000 1,2,3,4']);
  });

  it('gives a selection that is new what is kept for another one', async () => {
    await recent.watch([{ matchers: named('cpu'), keepMs: MINUTE }], 0);
    recent.take(series('cpu', 'nas'), 1_000, 1);
    await recent.watch([{ matchers: onHost('nas'), keepMs: MINUTE }], 2_000);
    expect(kept(onHost('nas'), 0, 2_000)).toEqual(['cpu nas 1000 1']);
  });

  it('says which selections have something new, once', async () => {
    await recent.watch(
      ['cpu', 'mem'].map((name) => ({ matchers: named(name), keepMs: MINUTE })),
      0,
    );
    recent.take(series('cpu', 'nas'), 1_000, 1);
    recent.take(series('cpu', 'pi'), 1_000, 1);
    expect(recent.takeTouched().map(({ name }) => name)).toEqual(['cpu']);
    expect(recent.takeTouched()).toEqual([]);
  });

  it('tells when the first new thing is there, and not again before somebody has looked', async () => {
    let told = 0;
    recent = new RecentSamples(storage.samples, () => {
      told += 1;
    });
    await recent.watch(
      ['cpu', 'mem'].map((name) => ({ matchers: named(name), keepMs: MINUTE })),
      0,
    );
    for (const name of ['cpu', 'mem', 'other']) recent.take(series(name, 'nas'), 1_000, 1);
    expect(told).toBe(1);
    recent.takeTouched();
    recent.take(series('cpu', 'nas'), 2_000, 1);
    expect(told).toBe(2);
  });

  it('is not touched by what is late: nobody is told of the past', async () => {
    await recent.watch([{ matchers: named('cpu'), keepMs: MINUTE }], 0);
    recent.take(series('cpu', 'nas'), 5_000, 1);
    recent.takeTouched();
    recent.take(series('cpu', 'nas'), 4_000, 9);
    expect(recent.takeTouched()).toEqual([]);
    expect(kept(named('cpu'), 0, 5_000)).toEqual(['cpu nas 4000,5000 9,1']);
  });

  it('lets go of series that have ended, and takes them up again when they come back', async () => {
    await recent.watch([{ matchers: named('cpu'), keepMs: MINUTE }], 0);
    const nas = series('cpu', 'nas');
    recent.take(nas, 1_000, 1);
    recent.take(series('cpu', 'pi'), 5 * MINUTE, 1);
    recent.sweep(5 * MINUTE);
    expect(recent.series).toBe(1);
    recent.take(nas, 5 * MINUTE, 2);
    expect(kept(named('cpu'), 4 * MINUTE, 5 * MINUTE)).toEqual(['cpu pi 300000 1', 'cpu nas 300000 2']);
  });
});

describe('a live series', () => {
  it('holds in any order of arrival what lies in the time that is kept, the first value of each time', () => {
    const arrival = fc.array(fc.record({ timeMs: fc.integer({ min: 0, max: 500 }), value: fc.integer() }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        arrival,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 500 }),
        (samples, a, b) => {
          const live = new LiveSeries(series('cpu', 'nas'), 100);
          const model = new Map<number, number>();
          let newest = Number.NEGATIVE_INFINITY;
          for (const { timeMs, value } of samples) {
            live.push(timeMs, value);
            if (timeMs > newest - 100 && !model.has(timeMs)) model.set(timeMs, value);
            newest = Math.max(newest, timeMs);
          }
          const [fromMs, toMs] = [Math.max(Math.min(a, b), newest - 99), Math.max(a, b)];
          const expected = [...model]
            .filter(([timeMs]) => timeMs >= fromMs && timeMs <= toMs)
            .sort(([x], [y]) => x - y);
          const found = live.between(fromMs, toMs);
          expect(found ? [...found.timesMs].map((timeMs, row) => [timeMs, found.values[row]]) : []).toEqual(
            expected,
          );
        },
      ),
    );
  });

  it('leaves an answer as it was when more arrives', () => {
    const live = new LiveSeries(series('cpu', 'nas'), 1_000_000);
    live.push(1, 1);
    const before = live.between(0, 10);
    for (let timeMs = 2; timeMs < 100; timeMs++) live.push(timeMs, timeMs);
    expect([...(before?.values ?? [])]).toEqual([1]);
  });
});
