import { describe, expect, it } from 'vitest';
import { PrometheusFailure } from './answer.js';
import { Parameters } from './parameters.js';
import { valueText } from './write-value.js';

const asked = (query: string, body?: unknown) => new Parameters({ url: `/query?${query}`, body });

describe('what a request asks for', () => {
  it.each([
    ['1435781451.781', 1_435_781_451_781],
    ['1435781451', 1_435_781_451_000],
    ['2015-07-01T20:10:51.781Z', 1_435_781_451_781],
    ['2015-07-01T22:10:51.781%2B02:00', 1_435_781_451_781],
    ['-1.5', -1_500],
  ])('may have the time %s', (text, timeMs) => {
    expect(asked(`time=${text}`).timeMs('time')).toBe(timeMs);
  });

  it.each(['yesterday', '2015-07-01', '2015-07-01T20:10:51', 'NaN', '1e300'])(
    'cannot have the time %s',
    (text) => {
      expect(() => asked(`time=${text}`).timeMs('time')).toThrow(
        new PrometheusFailure(
          'bad_data',
          `invalid parameter "time": cannot parse "${text}" to a valid timestamp`,
        ),
      );
    },
  );

  it.each([
    ['15', 15_000],
    ['0.5', 500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1d12h', 129_600_000],
    ['100ms', 100],
  ])('may have the step %s', (text, durationMs) => {
    expect(asked(`step=${text}`).durationMs('step')).toBe(durationMs);
  });

  it.each(['5 m', 'm', '1m1h', '5x'])('cannot have the step %s', (text) => {
    expect(() => asked(`step=${encodeURIComponent(text)}`).durationMs('step')).toThrow('to a valid duration');
  });

  it('comes from the address and from a form, both', () => {
    const parameters = asked('match[]=up&match%5B%5D=a', new URLSearchParams('match[]=b&query=x'));
    expect([parameters.all('match[]'), parameters.text('query')]).toEqual([['up', 'a', 'b'], 'x']);
  });

  it('says what is missing', () => {
    expect(() => asked('').needed('query')).toThrow('invalid parameter "query": it is missing');
  });
});

describe('numbers in answers', () => {
  it.each([
    [1, '1'],
    [0.1, '0.1'],
    [-0, '-0'],
    [1e21, '1e+21'],
    [1e-7, '1e-07'],
    [1.5e-10, '1.5e-10'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('are written as Prometheus writes them: %d', (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
