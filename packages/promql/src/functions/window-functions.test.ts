import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyTenSeconds, windowOf } from './testing/window-of.js';
import { windowFunctions } from './window-functions.js';

const call = (name: string, values: readonly number[], ...parameters: number[]) =>
  windowFunctions.get(name)?.(everyTenSeconds(values), parameters);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const HUGE = 9.988465674311579e307;

describe('windowFunctions', () => {
  it.each<[string, number[], number | undefined]>([
    ['irate', [0, 10, 25], 1.5],
    ['irate', [0, 10, 4], 0.4],
    ['irate', [0, nan, 4], nan],
    ['irate', [7], undefined],
    ['idelta', [0, 10, 4], -6],
    ['idelta', [7], undefined],
    ['changes', [1, 2, 2, 3, 0], 3],
    ['changes', [nan, nan, nan], 0],
    ['changes', [0, nan, 0], 2],
    ['changes', [5], 0],
    ['resets', [1, 2, 3, 0, 1, 0, 0, 1], 2],
    ['resets', [5, nan, 1], 0],
    ['sum_over_time', [1, 1e100, 1, -1e100], 2],
    ['sum_over_time', [HUGE, HUGE], inf],
    ['sum_over_time', [inf, 1], inf],
    ['sum_over_time', [inf, -inf], nan],
    ['avg_over_time', [1, 1e100, 1, -1e100], 0.5],
    ['avg_over_time', [HUGE, HUGE], HUGE],
    ['avg_over_time', [-HUGE, -HUGE, -HUGE], -HUGE],
    ['avg_over_time', [-HUGE, HUGE], 0],
    ['avg_over_time', [inf, 0, inf], inf],
    ['avg_over_time', [1, -inf, -inf], -inf],
    ['avg_over_time', [inf, inf, inf, -inf], nan],
    ['avg_over_time', [1, 2, nan], nan],
    ['avg_over_time', [52, 52, 52, 52, 52, 52, 52], 52],
    ['stdvar_over_time', [0, 8, 8, 2, 3], 10.56],
    ['stdvar_over_time', [1.5990505637277868, 1.5990505637277868, 1.5990505637277868], 0],
    ['stddev_over_time', [1, 1, 5, 5], 2],
    ['stddev_over_time', [1, inf], nan],
    ['min_over_time', [2, nan, 1], 1],
    ['min_over_time', [nan, 0, 1], 0],
    ['min_over_time', [nan, nan], nan],
    ['max_over_time', [2, 0, nan], 2],
    ['max_over_time', [nan, -inf], -inf],
    ['count_over_time', [nan, 1, 2], 3],
    ['present_over_time', [nan], 1],
    ['first_over_time', [nan, 2], nan],
    ['first_over_time', [3, 2], 3],
    ['last_over_time', [3, 2], 2],
    ['mad_over_time', [4, 6, 2, 1, 999, 1, 2], 1],
    ['mad_over_time', [1, 2, nan, 4], nan],
    ['mad_over_time', [5], 0],
    ['ts_of_min_over_time', [1, 0, 2, 0], 30],
    ['ts_of_max_over_time', [2, 2, nan, 1], 10],
    ['ts_of_max_over_time', [nan, 1, 0], 10],
    ['ts_of_first_over_time', [5, 6, 7], 0],
    ['ts_of_last_over_time', [5, 6, 7], 20],
  ])('%s of %j', (name, values, expected) => {
    const found = call(name, values);
    if (typeof expected === 'number' && Number.isFinite(expected)) expect(found).toBeCloseTo(expected, 9);
    else expect(found).toBe(expected);
  });

  it.each([
    [0.5, [0, 1, 4], 1],
    [0.75, [4, 0, 1], 2.5],
    [-1, [0, 1], -inf],
    [2, [0, 1], inf],
    [nan, [0, 1], nan],
  ])('quantile_over_time(%d, %j)', (q, values, expected) => {
    expect(call('quantile_over_time', values, q)).toBe(expected);
  });

  it('leaves the samples of the source as they are', () => {
    const window = everyTenSeconds([3, 1, 2]);
    for (const name of ['quantile_over_time', 'mad_over_time']) windowFunctions.get(name)?.(window, [0.5]);
    expect([...window.values.slice(1, 4)]).toEqual([3, 1, 2]);
  });

  it('copes with windows of any size', () => {
    const values = Array.from({ length: 5000 }, (_, index) => index);
    expect(call('quantile_over_time', values, 1)).toBe(4999);
    expect(call('quantile_over_time', [1, 2, 3], 1)).toBe(3);
  });

  it('has the mean of finite values between the smallest and the largest', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(values, (samples) => {
        const mean = call('avg_over_time', samples) as number;
        const slack = Math.max(...samples.map(Math.abs)) * 1e-14;
        expect(mean).toBeGreaterThanOrEqual(Math.min(...samples) - slack);
        expect(mean).toBeLessThanOrEqual(Math.max(...samples) + slack);
      }),
    );
  });
});

describe('deriv and predict_linear', () => {
  const span = { startSeconds: 0, endSeconds: 3000 };
  const sawtooth = [0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50].map((value, i) => [i * 300, value] as const);
  const predict = (window: ReturnType<typeof windowOf>, seconds: number) =>
    windowFunctions.get('predict_linear')?.(window, [seconds]);

  it('draw the line of least squares', () => {
    expect(windowFunctions.get('deriv')?.(windowOf(sawtooth, span), [])).toBeCloseTo(
      0.010606060606060607,
      12,
    );
    expect(predict(windowOf(sawtooth, span), 3600)).toBeCloseTo(76.81818181818181, 9);
  });

  it('predict from the step, not from the end of the window', () => {
    expect(predict(windowOf(sawtooth, { ...span, atSeconds: 600 }), 3600)).toBeCloseTo(51.36363636363637, 9);
    expect(predict(windowOf(sawtooth, { ...span, atSeconds: 4200 }), 3600)).toBeCloseTo(89.54545454545455, 9);
  });

  it('find no slope in a constant, and none to speak of in infinities', () => {
    expect(call('deriv', [0.1, 0.1, 0.1])).toBe(0);
    expect(call('predict_linear', [0.1, 0.1, 0.1], 1e9)).toBe(0.1);
    expect(call('deriv', [inf, inf])).toBeNaN();
    expect(call('deriv', [-inf, 1, 2])).toBeNaN();
    expect(call('predict_linear', [inf, inf], 60)).toBeNaN();
  });

  it('need two samples', () => {
    expect(call('deriv', [1])).toBeUndefined();
    expect(call('predict_linear', [1], 60)).toBeUndefined();
  });

  it('have the slope of a straight line, at any time since 1970', () => {
    const slope = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(slope, fc.integer({ min: 2, max: 100 }), (perSecond, count) => {
        const start = 1_700_000_000;
        const samples = Array.from(
          { length: count },
          (_, i) => [start + i * 15, perSecond * i * 15] as const,
        );
        const window = windowOf(samples, { startSeconds: start - 1, endSeconds: start + count * 15 });
        expect(windowFunctions.get('deriv')?.(window, [])).toBeCloseTo(perSecond, 6);
      }),
    );
  });
});

describe('double_exponential_smoothing', () => {
  it('follows a straight line', () => {
    expect(call('double_exponential_smoothing', [10, 20, 30, 40, 50], 0.01, 0.1)).toBeCloseTo(50, 9);
  });

  it('weighs the last value and the trend before it', () => {
    // Smoothed: 1; 0.5 * 3 + 0.5 * (1 + 2) = 3; trend 0.5 * 2 + 0.5 * 2 = 2; 0.5 * 9 + 0.5 * (3 + 2) = 7.
    expect(call('double_exponential_smoothing', [1, 3, 9], 0.5, 0.5)).toBe(7);
  });

  it('needs two samples', () => {
    expect(call('double_exponential_smoothing', [1], 0.5, 0.5)).toBeUndefined();
  });

  it.each([
    [0, 0.5, 'invalid smoothing factor. Expected: 0 < sf < 1, got: 0.000000'],
    [1.5, 0.5, 'invalid smoothing factor. Expected: 0 < sf < 1, got: 1.500000'],
    [0.5, inf, 'invalid trend factor. Expected: 0 < tf < 1, got: +Inf'],
    [0.5, -inf, 'invalid trend factor. Expected: 0 < tf < 1, got: -Inf'],
  ])('refuses the factors %d and %d', (smoothing, trend, message) => {
    expect(() => call('double_exponential_smoothing', [1, 2], smoothing, trend)).toThrow(message);
  });
});
