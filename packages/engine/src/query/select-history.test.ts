import { isStalenessMark, type SampleStore, STALENESS_MARK } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { selectHistory } from './select-history.js';

const DAY = 86_400_000;
const MATCHERS = [{ label: '__name__', operator: '=', value: 'load' }] as const;

/** A store that has let go of the samples before a time, and still has roll-ups of them. */
class AgedStore implements Pick<SampleStore, 'select' | 'rollup'> {
  readonly #samples = memoryStorage().samples;
  keptFromMs = 0;
  rollups = 0;

  append(host: string, timeMs: number, value: number) {
    const series = { name: 'load', labels: { host } };
    return this.#samples.append(
      { series: [series], timesMs: [timeMs], values: Float64Array.of(value) },
      { backfill: true },
    );
  }

  async select(...[matchers, fromMs, toMs]: Parameters<SampleStore['select']>) {
    return this.#samples.select(matchers, Math.max(fromMs, this.keptFromMs), toMs);
  }

  async rollup(...[matchers, span]: Parameters<SampleStore['rollup']>) {
    this.rollups += 1;
    const { series } = await this.#samples.rollup(matchers, span);
    return { series, resolutionMs: span.fromMs < this.keptFromMs ? 300_000 : 0 };
  }
}

let store: AgedStore;
beforeEach(async () => {
  store = new AgedStore();
  for (let day = 1; day <= 10; day++) await store.append('nas', day * DAY + 1_000, day);
});

const read = async (fromMs: number, toMs: number) =>
  (await selectHistory(store, { matchers: MATCHERS, fromMs, toMs })).map(({ series, values }) => [
    series.labels.host,
    [...values],
  ]);

describe('samples of a long time', () => {
  it('are those that are kept, and before them the last of each step', async () => {
    store.keptFromMs = 6 * DAY;
    expect(await read(0, 11 * DAY)).toEqual([['nas', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]]);
  });

  it('are of every series, whether it has samples, history, or both', async () => {
    store.keptFromMs = 6 * DAY;
    await store.append('old', 2 * DAY, 1);
    await store.append('new', 8 * DAY, 2);
    expect((await read(0, 11 * DAY)).map(([host]) => host).sort()).toEqual(['nas', 'new', 'old']);
  });

  it('keep their staleness marks', async () => {
    store.keptFromMs = 6 * DAY;
    await store.append('gone', 2 * DAY, STALENESS_MARK);
    const found = await selectHistory(store, { matchers: MATCHERS, fromMs: 0, toMs: 11 * DAY });
    const gone = found.find(({ series }) => series.labels.host === 'gone');
    expect(isStalenessMark(gone?.values[0] as number)).toBe(true);
  });

  it('are not looked for in roll-ups when all of them are kept, or when the span is short', async () => {
    await read(DAY + 500, 11 * DAY);
    await read(5 * DAY, 5 * DAY + 3_600_000);
    expect(store.rollups).toBe(0);
  });
});
