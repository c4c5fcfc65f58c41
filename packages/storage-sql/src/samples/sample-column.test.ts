import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, columnBetween, joinColumns, mergeColumns, SampleColumn } from './sample-column.js';

const pairs = ({ timesMs, values }: Column) => Array.from(timesMs, (timeMs, row) => [timeMs, values[row]]);
const words = (values: readonly number[]) => new Uint32Array(Float64Array.from(values).buffer);
const sorted = (map: ReadonlyMap<number, number>) => [...map].sort(([a], [b]) => a - b);
const column = (rows: readonly (readonly [number, number])[]): Column => {
  const unique = sorted(new Map(rows));
  return {
    timesMs: Float64Array.from(unique, ([timeMs]) => timeMs),
    values: Float64Array.from(unique, ([, value]) => value),
  };
};

const time = fc.integer({ min: -30, max: 30 });
const row = fc.tuple(time, fc.integer());
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), rows: fc.array(row, { minLength: 1, maxLength: 1 }) }),
  fc.record({ kind: fc.constant('putAll' as const), rows: fc.array(row, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('drop' as const), before: time }),
);

describe('a growing column', () => {
  it('agrees with a map over any puts and drops', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), time, time, (steps, fromMs, toMs) => {
        const [found, model] = [new SampleColumn(), new Map<number, number>()];
        for (const one of steps) play(found, model, one);
        expect(pairs(found.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))).toEqual(
          sorted(model),
        );
        const within = sorted(model).filter(([timeMs]) => timeMs >= fromMs && timeMs <= toMs);
        expect(pairs(found.between(fromMs, toMs))).toEqual(within);
        const times = sorted(model).map(([timeMs]) => timeMs);
        expect([found.length, found.firstMs, found.lastMs]).toEqual([model.size, times[0], times.at(-1)]);
      }),
    );
  });

  function play(
    found: SampleColumn,
    model: Map<number, number>,
    one: { kind: string; rows?: readonly (readonly [number, number])[]; before?: number },
  ) {
    const sizeBefore = model.size;
    for (const [timeMs, value] of one.rows ?? []) model.set(timeMs, value);
    const times = Float64Array.from(one.rows ?? [], ([timeMs]) => timeMs);
    const values = words((one.rows ?? []).map(([, value]) => value));
    if (one.kind === 'put') expect(found.put(times[0] as number, values, 0)).toBe(model.size > sizeBefore);
    if (one.kind === 'putAll') expect(found.putAll(times, values)).toBe(model.size - sizeBefore);
    if (one.kind === 'drop') {
      const doomed = [...model.keys()].filter((timeMs) => timeMs < (one.before ?? 0));
      for (const timeMs of doomed) model.delete(timeMs);
      expect(found.dropBefore(one.before ?? 0)).toBe(doomed.length);
    }
  }
});

describe('columns', () => {
  it('merge so that the newer wins', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (older, newer) => {
        const expected = sorted(new Map([...older, ...newer]));
        expect(pairs(mergeColumns(column(older), column(newer)))).toEqual(expected);
      }),
    );
  });

  it('are cut to a span with both ends', () => {
    fc.assert(
      fc.property(fc.array(row), time, time, (rows, fromMs, toMs) => {
        const expected = pairs(column(rows)).filter(([timeMs = 0]) => timeMs >= fromMs && timeMs <= toMs);
        expect(pairs(columnBetween(column(rows), fromMs, toMs))).toEqual(expected);
      }),
    );
  });

  it('are joined in their order', () => {
    expect(
      pairs(
        joinColumns([
          column([[1, 1]]),
          column([]),
          column([
            [2, 2],
            [3, 3],
          ]),
        ]),
      ),
    ).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });
});
