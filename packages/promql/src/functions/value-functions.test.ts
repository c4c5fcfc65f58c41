import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateFunctions } from './date-functions.js';
import { valueFunctions } from './value-functions.js';

const call = (name: string, value: number, ...parameters: number[]) =>
  valueFunctions.get(name)?.(value, parameters);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('valueFunctions', () => {
  it.each<[string, number[], number]>([
    ['abs', [-2.5], 2.5],
    ['ceil', [-2.5], -2],
    ['floor', [-2.5], -3],
    ['round', [2.5], 3],
    ['round', [-2.5], -2],
    ['round', [7.25, 0.1], 7.3],
    ['round', [17, 5], 15],
    ['round', [-inf], -inf],
    ['round', [nan], nan],
    ['sgn', [-50], -1],
    ['sgn', [0], 0],
    ['sgn', [nan], nan],
    ['sqrt', [-1], nan],
    ['exp', [10], 22026.465794806718],
    ['ln', [0], -inf],
    ['ln', [-1], nan],
    ['log2', [8], 3],
    ['log10', [1000], 3],
    ['sin', [Math.PI / 6], 0.5],
    ['cos', [0], 1],
    ['tan', [Math.PI / 4], 1],
    ['asin', [1], Math.PI / 2],
    ['acos', [2], nan],
    ['atan', [inf], Math.PI / 2],
    ['sinh', [1], 1.1752011936438014],
    ['cosh', [1], 1.5430806348152437],
    ['tanh', [inf], 1],
    ['asinh', [1], 0.881373587019543],
    ['acosh', [1], 0],
    ['atanh', [1], inf],
    ['deg', [Math.PI], 180],
    ['rad', [90], Math.PI / 2],
    ['clamp', [-50, -25, 75], -25],
    ['clamp', [100, -25, 75], 75],
    ['clamp', [1, nan, 0], nan],
    ['clamp_min', [nan, 0], nan],
    ['clamp_min', [nan, inf], inf],
    ['clamp_max', [nan, -inf], -inf],
    ['clamp_max', [100, 75], 75],
    ['clamp_max', [1, nan], nan],
  ])('%s of %j', (name, [value, ...parameters], expected) => {
    const found = call(name, value as number, ...parameters);
    if (Number.isFinite(expected)) expect(found).toBeCloseTo(expected, 9);
    else expect(found).toBe(expected);
  });
});

describe('dateFunctions', () => {
  it.each([
    ['year', 1230767999, 2008],
    ['year', 1230768000, 2009],
    ['month', 1456790399, 2],
    ['day_of_month', 1456790399, 29],
    ['day_of_month', 1456790400, 1],
    ['day_of_week', 0, 4],
    ['day_of_week', 1136239445, 1],
    ['day_of_year', 1483191420, 366],
    ['day_of_year', 1672493820, 365],
    ['days_in_month', 1454284800, 29],
    ['days_in_month', 1485907200, 28],
    ['hour', 1136239445, 22],
    ['minute', 1136239445, 4],
    ['year', -1, 1969],
    ['hour', -1, 23],
    ['hour', -0.5, 0],
    ['minute', 59.999, 0],
    ['year', Number.NaN, 292277026596],
    ['hour', Number.POSITIVE_INFINITY, 15],
  ])('%s of %d', (name, seconds, expected) => {
    expect(dateFunctions.get(name)?.(seconds, [])).toBe(expected);
  });

  it('are among the functions over values', () => {
    for (const [name, compute] of dateFunctions) expect(valueFunctions.get(name)).toBe(compute);
  });

  it('agree with the calendar of JavaScript as far as it reaches', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8e12, max: 8e12 }), (seconds) => {
        const date = new Date(seconds * 1000);
        const found = ['year', 'month', 'day_of_month', 'day_of_week', 'hour', 'minute'];
        expect(found.map((name) => dateFunctions.get(name)?.(seconds, []))).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCDay(),
          date.getUTCHours(),
          date.getUTCMinutes(),
        ]);
      }),
    );
  });
});
