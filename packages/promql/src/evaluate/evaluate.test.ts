import { describe, expect, it } from 'vitest';
import { parseExpression } from '../syntax/parse-expression.js';
import { evaluateRange } from './evaluate.js';
import { instant, range, series, valuesOf } from './testing/memory-series.js';

const counter = Array.from({ length: 61 }, (_, row) => row);
const up = [
  series('up', { job: 'a' }, counter),
  series('up', { job: 'b' }, [5, undefined, undefined, 'stale', undefined, 6]),
];

describe('an instant query', () => {
  it('takes the last sample within the look-back, which is open at its start', async () => {
    const one = [series('one', {}, [1])];
    expect(valuesOf(await instant('one', 0, one))).toEqual({ 'one{}': 1 });
    expect(valuesOf(await instant('one', 299_999, one))).toEqual({ 'one{}': 1 });
    expect(valuesOf(await instant('one', 300_000, one))).toEqual({});
  });

  it('sees nothing of a series behind its staleness mark, until it comes again', async () => {
    expect(valuesOf(await instant('up', 20_000, up))).toEqual({ 'up{job=a}': 2, 'up{job=b}': 5 });
    expect(valuesOf(await instant('up', 30_000, up))).toEqual({ 'up{job=a}': 3 });
    expect(valuesOf(await instant('up', 50_000, up))).toEqual({ 'up{job=a}': 5, 'up{job=b}': 6 });
  });

  it('leaves staleness marks out of windows', async () => {
    expect(valuesOf(await instant('count_over_time(up{job="b"}[1m])', 50_000, up))).toEqual({ '{job=b}': 2 });
    expect(valuesOf(await instant('up{job="b"}[1m]', 50_000, up))).toEqual({ 'up{job=b}': [5, 6] });
  });

  it('gives a number, a text, a vector or ranges, as the expression is', async () => {
    expect((await instant('1 + 2', 5_000, up)).value).toEqual({ type: 'scalar', timeMs: 5_000, value: 3 });
    expect((await instant('"x"', 5_000, up)).value).toEqual({ type: 'string', timeMs: 5_000, value: 'x' });
    expect((await instant('up', 5_000, up)).value.type).toBe('vector');
    expect((await instant('up[20s]', 5_000, up)).value.type).toBe('matrix');
  });

  it('gives the labels with the metric name, where it still has one', async () => {
    const { value } = await instant('up{job="a"} > 0', 10_000, up);
    expect(value).toEqual({
      type: 'vector',
      values: [{ labels: { __name__: 'up', job: 'a' }, timeMs: 10_000, value: 1 }],
    });
  });

  it('moves by offset, is held by @, and the two add up', async () => {
    expect(valuesOf(await instant('up{job="a"} offset 1m', 300_000, up))).toEqual({ 'up{job=a}': 24 });
    expect(valuesOf(await instant('up{job="a"} offset -1m', 300_000, up))).toEqual({ 'up{job=a}': 36 });
    expect(valuesOf(await instant('up{job="a"} @ 100 offset 50s', 300_000, up))).toEqual({ 'up{job=a}': 5 });
  });

  it('says how many samples it read', async () => {
    expect((await instant('up{job="a"}', 600_000, up)).samplesRead).toBe(30);
  });
});

describe('a range query', () => {
  it('gives series sorted by their labels, each with the steps at which it has a value', async () => {
    const { value } = await range('up', 50_000, [...up].reverse());
    expect(value.type === 'matrix' && value.series.map(({ labels }) => labels.job)).toEqual(['a', 'b']);
    expect(value.type === 'matrix' && [...(value.series[1]?.timesMs ?? [])]).toEqual([
      0, 10_000, 20_000, 50_000,
    ]);
  });

  it('gives a number as a series without labels', async () => {
    expect(valuesOf(await range('time()', 20_000, []))).toEqual({ '{}': [0, 10, 20] });
    expect(valuesOf(await range('2', 20_000, []))).toEqual({ '{}': [2, 2, 2] });
  });

  it('evaluates what @ holds once, and gives it at every step', async () => {
    expect(valuesOf(await range('sum(up @ 20)', 30_000, up))).toEqual({ '{}': [7, 7, 7, 7] });
    expect(valuesOf(await range('up{job="a"} @ end()', 20_000, up))).toEqual({ 'up{job=a}': [2, 2, 2] });
    expect(valuesOf(await range('up{job="a"} - up{job="a"} @ start()', 20_000, up))).toEqual({
      '{job=a}': [0, 1, 2],
    });
  });

  it('refuses texts and ranges, steps that lead nowhere, and an end before the start', async () => {
    await expect(range('"x"', 10_000, up)).rejects.toMatchObject({ kind: 'bad_data' });
    await expect(range('up[5m]', 10_000, up)).rejects.toThrow(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
    const select = async () => [];
    const expression = parseExpression('up');
    const backwards = { fromMs: 10, toMs: 0, stepMs: 1 };
    await expect(evaluateRange(expression, backwards, { select })).rejects.toThrow('end timestamp');
    const standing = { fromMs: 0, toMs: 10, stepMs: 0 };
    await expect(evaluateRange(expression, standing, { select })).rejects.toThrow('zero or negative');
  });

  it('makes one series of those that an operation makes equal, as long as their values do not meet', async () => {
    const parts = [series('a', { job: 'x' }, [1, 'stale']), series('b', { job: 'x' }, [undefined, 2])];
    expect(valuesOf(await range('-{job="x"}', 10_000, parts))).toEqual({ '{job=x}': [-1, -2] });
    const meeting = [series('a', { job: 'x' }, [1]), series('b', { job: 'x' }, [2])];
    await expect(range('-{job="x"}', 0, meeting)).rejects.toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });
});

describe('a subquery', () => {
  it('has its steps at multiples of its step, wherever the query is', async () => {
    expect(valuesOf(await instant('up{job="a"}[30s:20s]', 55_000, up))).toEqual({ 'up{job=a}': [4] });
    expect(valuesOf(await instant('sum_over_time(up{job="a"}[1m:20s])', 60_000, up))).toEqual({
      '{job=a}': 12,
    });
  });

  it('takes the default step when it names none', async () => {
    expect(valuesOf(await instant('count_over_time(up{job="a"}[5m:])', 600_000, up))).toEqual({
      '{job=a}': 5,
    });
  });

  it('gives nothing when none of its steps lies in the window', async () => {
    expect(valuesOf(await instant('count_over_time(up[10s:1h])', 600_000, up))).toEqual({});
  });
});

describe('annotations', () => {
  it('tell that a rate is taken of what is no counter by its name', async () => {
    const { infos, warnings } = await instant('rate(up[1m])', 60_000, up);
    expect(infos).toEqual([
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "up" (1:6)',
    ]);
    expect(warnings).toEqual([]);
  });

  it('warn of quantiles outside of 0 to 1', async () => {
    const warning = 'PromQL warning: quantile value should be between 0 and 1, got 1.5';
    expect((await instant('quantile(1.5, up)', 0, up)).warnings).toEqual([`${warning} (1:10)`]);
    expect((await instant('quantile_over_time(1.5, up[1m])', 0, up)).warnings).toEqual([`${warning} (1:20)`]);
  });

  it('warn of sorting where the result is sorted by labels anyhow', async () => {
    expect((await range('sum(sort(up))', 0, up)).warnings).toEqual([
      'PromQL warning: sort is ineffective for range queries since results are always ordered by labels (1:5)',
    ]);
    expect((await instant('sort(up)', 0, up)).warnings).toEqual([]);
  });
});

describe('what is not supported', () => {
  it('is refused with the name of the function and its place', async () => {
    await expect(instant('1 + histogram_avg(up)', 0, up)).rejects.toMatchObject({
      kind: 'unsupported',
      place: { start: 4 },
    });
    await expect(instant('info(up)', 0, up)).rejects.toThrow('the function info is not supported');
  });
});
