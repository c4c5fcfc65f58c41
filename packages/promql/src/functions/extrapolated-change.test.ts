import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delta, increase, rate } from './extrapolated-change.js';
import { windowOf } from './testing/window-of.js';

/** Values every five minutes, the first at 0; the window ends at minute 50. */
const everyFiveMinutes = (values: readonly number[], startMinutes: number) =>
  windowOf(
    values.map((value, index) => [index * 300, value] as const).filter(([s]) => s > startMinutes * 60),
    { startSeconds: startMinutes * 60, endSeconds: 3000 },
  );
const climbing = (first: number, step: number, count = 11) =>
  Array.from({ length: count }, (_, index) => first + step * index);

describe('increase', () => {
  it.each([
    ['does not draw the line below zero', climbing(0, 10), 100],
    ['goes back to the zero of the counter', climbing(1, 10), 101],
    ['goes back half a distance between samples at most', climbing(10, 10), 105],
    ['adds what was reached before a reset', [...climbing(0, 18, 6), ...climbing(0, 18, 5)], 162],
  ])('%s', (_, values, expected) => {
    expect(increase(everyFiveMinutes(values, -50))).toBeCloseTo(expected, 9);
  });

  it('takes a fall as a restart from zero', () => {
    const window = windowOf(
      [0, 1, 2, 3, 2, 3, 4].map((value, index) => [index * 300, value]),
      { startSeconds: -1, endSeconds: 1800 },
    );
    expect(increase(window)).toBeCloseTo(7, 2);
  });

  it('reaches the boundaries when a sample is near', () => {
    const window = windowOf(
      [
        [5, 100],
        [15, 110],
        [25, 120],
      ],
      { startSeconds: 0, endSeconds: 30 },
    );
    expect(increase(window)).toBeCloseTo(30, 9);
  });

  it('is never negative for a counter, whatever its resets', () => {
    const counter = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(counter, fc.integer({ min: 0, max: 100 }), (values, lead) => {
        const samples = values.map((value, index) => [lead + index * 15, value] as const);
        const window = windowOf(samples, { startSeconds: -1, endSeconds: values.length * 15 + 100 });
        expect(increase(window)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('rate', () => {
  it('is per second', () => {
    expect(rate(everyFiveMinutes(climbing(800, 80), 0))).toBeCloseTo(80 / 300, 12);
  });

  it('of a straight line is its slope', () => {
    const slope = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        slope,
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 0, max: 14 }),
        (perSecond, count, lag) => {
          const samples = Array.from(
            { length: count },
            (_, i) => [15 * i, 1e9 + perSecond * 15 * i] as const,
          );
          const window = windowOf(samples, {
            startSeconds: -1 - lag,
            endSeconds: 15 * (count - 1) + 14 - lag,
          });
          expect(Math.abs((rate(window) as number) - perSecond)).toBeLessThan(1e-5);
        },
      ),
    );
  });
});

describe('delta', () => {
  it('may fall, and passes zero', () => {
    const window = windowOf(
      [
        [0, 20],
        [10, 10],
        [20, 0],
      ],
      { startSeconds: -5, endSeconds: 25 },
    );
    expect(delta(window)).toBeCloseTo(-30, 9);
  });
});

describe('all three', () => {
  const functions = [rate, increase, delta];

  it('need two samples', () => {
    const window = windowOf([[5, 1]], { startSeconds: 0, endSeconds: 10 });
    for (const change of functions) expect(change(window)).toBeUndefined();
  });

  it('give NaN where a value is NaN at either end', () => {
    const samples = [
      [1, Number.NaN],
      [5, 1],
      [9, 2],
    ] as const;
    for (const change of functions) {
      expect(change(windowOf(samples, { startSeconds: 0, endSeconds: 10 }))).toBeNaN();
    }
  });
});
