import type { Labels } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import type { ExportedSpan } from './sample-ports.js';
import { walkSeries } from './series-walk.js';
import { ALWAYS, type SampleShelf, type ShelvedSeries, sampleShelf } from './testing/sample-shelf.js';

const DAY_MS = 86_400_000;
const grid = (count: number, labelsOf: (index: number) => Labels): ShelvedSeries[] =>
  Array.from({ length: count }, (_, index) => ({
    name: 'm',
    labels: labelsOf(index),
    rows: Array.from({ length: 4 }, (_, day) => [day * DAY_MS, index] as const),
  }));

async function walked(
  shelf: SampleShelf,
  stride: { series: number; spanMs: number },
  span: ExportedSpan = ALWAYS,
) {
  const found = [];
  for await (const { series, timesMs } of walkSeries(shelf, span, stride))
    found.push(
      `${series.name}${JSON.stringify(series.labels)} ${[...timesMs].map((timeMs) => timeMs / DAY_MS)}`,
    );
  return found;
}

describe('walking through a store', () => {
  it('brings metrics by name, and everything of a series in a row', async () => {
    const shelf = await sampleShelf(
      {
        name: 'b',
        labels: { x: '1' },
        rows: [
          [0, 1],
          [DAY_MS, 2],
          [9 * DAY_MS, 3],
        ],
      },
      {
        name: 'b',
        labels: { x: '2' },
        rows: [
          [DAY_MS, 2],
          [8 * DAY_MS, 3],
        ],
      },
      { name: 'a', rows: [[3 * DAY_MS, 1]] },
      { name: 'B', rows: [[0, 1]] },
    );
    const span = { matchers: [], fromMs: 0, toMs: 20 * DAY_MS };
    expect(await walked(shelf, { series: 2, spanMs: 2 * DAY_MS }, span)).toEqual([
      'B{} 0',
      'a{} 3',
      'b{"x":"1"} 0,1',
      'b{"x":"1"} 9',
      'b{"x":"2"} 1',
      'b{"x":"2"} 8',
    ]);
  });

  it('never asks for more series than a stride has, and reads each sample once', async () => {
    const shelf = await sampleShelf(
      ...grid(120, (index): Labels => {
        const node = `n${index % 7}`;
        return index % 3 === 0 ? { node, cpu: `${index}` } : { node, disk: `sd|${index}.*` };
      }),
      { name: 'm', rows: [[0, 1]] },
      { name: 'other', rows: [[0, 1]] },
    );
    const span = {
      matchers: [{ label: '__name__', operator: '=' as const, value: 'm' }],
      fromMs: 0,
      toMs: 4 * DAY_MS,
    };
    const found = await walked(shelf, { series: 5, spanMs: 8 * DAY_MS }, span);
    expect(new Set(found).size).toBe(121);
    expect(found).toHaveLength(121);
    expect(Math.max(...shelf.selections.map(({ length }) => length))).toBeLessThanOrEqual(5);
    expect(shelf.selections.flat()).toHaveLength(121);
  });

  it('splits by further labels where one value has too many series', async () => {
    const shelf = await sampleShelf(
      ...grid(64, (index) => ({ a: `${index & 3}`, b: `${(index >> 2) & 3}`, c: `${index >> 4}` })),
    );
    const span = { matchers: [], fromMs: 0, toMs: 4 * DAY_MS };
    expect(new Set(await walked(shelf, { series: 3, spanMs: 8 * DAY_MS }, span)).size).toBe(64);
    expect(Math.max(...shelf.selections.map(({ length }) => length))).toBeLessThanOrEqual(3);
  });

  it('reads nothing outside of the span, and both of its ends', async () => {
    const shelf = await sampleShelf(...grid(1, () => ({})));
    const span = { matchers: [], fromMs: DAY_MS, toMs: 2 * DAY_MS };
    expect(await walked(shelf, { series: 5, spanMs: DAY_MS }, span)).toEqual(['m{} 1', 'm{} 2']);
  });

  it('leaves out a series that has come up meanwhile', async () => {
    const shelf = await sampleShelf(...grid(1, () => ({ a: '1' })));
    const before = await shelf.series([]);
    await shelf.append(
      { series: [{ name: 'm', labels: { a: '1', b: '1' } }], timesMs: [0], values: [1] },
      { backfill: true },
    );
    const found = await walked(
      { ...shelf, series: async () => before },
      { series: 50, spanMs: DAY_MS },
      { ...ALWAYS, fromMs: 0, toMs: 9 * DAY_MS },
    );
    expect(new Set(found.map((line) => line.split(' ')[0]))).toEqual(new Set(['m{"a":"1"}']));
  });
});
