import { describe, expect, it } from 'vitest';
import { CounterBins } from './counter-bins.js';
import { GaugeBins } from './gauge-bins.js';
import { asNullable, type TimeBins } from './time-bins.js';

const bins: TimeBins = { fromMs: 0, stepMs: 60_000, count: 5 };

function piece(...rows: readonly (readonly [seconds: number, value: number])[]) {
  return {
    timesMs: Float64Array.from(rows, ([seconds]) => seconds * 1_000),
    values: Float64Array.from(rows, ([, value]) => value),
  };
}

describe('a gauge over time', () => {
  const means = (...pieces: ReturnType<typeof piece>[]) => {
    const gauge = new GaugeBins(bins);
    for (const one of pieces) gauge.add(one);
    return asNullable(gauge.means(), 2);
  };

  it('is the mean of the samples in each step', () => {
    expect(means(piece([0, 1], [30, 3], [60, 10], [119, 20]))).toEqual([2, 15, null, null, null]);
  });

  it('holds between the samples of a slow series', () => {
    expect(means(piece([0, 1], [120, 2], [240, 3]))).toEqual([1, 1, 2, 2, 3]);
  });

  it('is unknown over a gap, and after the last sample', () => {
    expect(means(piece([0, 1], [10, 1], [20, 1], [200, 5], [210, 5], [220, 5]))).toEqual([
      1,
      null,
      null,
      5,
      null,
    ]);
  });

  it('holds into the span from a sample before it', () => {
    expect(means(piece([-60, 7], [90, 9]))).toEqual([7, 9, null, null, null]);
  });

  it('is the same whether its samples come at once or in pieces', () => {
    expect(means(piece([0, 1], [120, 2]), piece([240, 3]))).toEqual(means(piece([0, 1], [120, 2], [240, 3])));
  });

  it('takes a staleness mark for the end of what is known', () => {
    expect(means(piece([0, 1], [60, Number.NaN], [120, Number.NaN], [180, 4]))).toEqual([
      1,
      null,
      null,
      4,
      null,
    ]);
  });
});

describe('a counter over time', () => {
  const perSecond = (...pieces: (ReturnType<typeof piece> & { key?: string })[]) => {
    const counter = new CounterBins(bins);
    for (const one of pieces) counter.add({ key: 'only', ...one });
    return asNullable(counter.perSecond(), 3);
  };

  it('grows at the rate between its samples, shared among the steps they span', () => {
    expect(perSecond(piece([0, 0], [30, 30], [90, 150]))).toEqual([1.5, 2, null, null, null]);
  });

  it('has grown from zero after a reset', () => {
    expect(perSecond(piece([0, 1_000], [10, 1_010], [20, 5], [30, 15]))).toEqual(
      [(10 + 5 + 10) / 30, null, null, null, null].map(round),
    );
  });

  it('is unknown over a gap', () => {
    expect(perSecond(piece([0, 0], [10, 10], [20, 20], [200, 999], [210, 1_009]))).toEqual([
      1,
      null,
      null,
      1,
      null,
    ]);
  });

  it('goes on over a change of the interval', () => {
    expect(perSecond(piece([0, 0], [10, 10], [20, 20], [80, 80], [140, 140], [200, 200]))).toEqual([
      1,
      1,
      1,
      1,
      null,
    ]);
  });

  it('is the mean of all counters that are added', () => {
    expect(
      perSecond({ ...piece([0, 0], [60, 60]), key: 'a' }, { ...piece([0, 0], [60, 180]), key: 'b' }),
    ).toEqual([2, null, null, null, null]);
  });

  it('is the same whether its samples come at once or in pieces', () => {
    expect(perSecond(piece([0, 0], [60, 60]), piece([120, 180]))).toEqual(
      perSecond(piece([0, 0], [60, 60], [120, 180])),
    );
  });

  it('starts anew after a staleness mark', () => {
    expect(perSecond(piece([0, 0], [60, Number.NaN], [120, 900], [180, 960]))).toEqual([
      null,
      null,
      1,
      null,
      null,
    ]);
  });
});

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}
