import { describe, expect, it } from 'vitest';
import { instant, range, series, valuesOf } from '../testing/memory-series.js';

const bucket = (le: string, counts: readonly number[]) => series('h_bucket', { le }, counts);

describe('histogram_quantile', () => {
  it('reads the buckets that are there at each step', async () => {
    const buckets = [bucket('1', [5, 10]), bucket('2', [10, 10]), bucket('+Inf', [10, 10])];
    expect(valuesOf(await range('histogram_quantile(0.5, h_bucket)', 10_000, buckets))).toEqual({
      '{}': [1, 0.5],
    });
  });

  it('tells once of all that had to be mended', async () => {
    const buckets = [bucket('1', [5, 5]), bucket('2', [4, 3]), bucket('+Inf', [10, 10])];
    const { infos } = await range('histogram_quantile(0.5, h_bucket)', 10_000, buckets);
    expect(infos).toEqual([
      'PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name "h_bucket", from buckets 2 to 2, with a max diff of 2, over 2 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:00:10Z (1:25)',
    ]);
  });

  it('warns of buckets without a bound, and leaves them out', async () => {
    const result = await instant('histogram_quantile(0.5, h_bucket)', 0, [bucket('often', [1])]);
    expect(result.warnings).toEqual([
      'PromQL warning: bucket label "le" is missing or has a malformed value of "often" for metric name "h_bucket" (1:25)',
    ]);
    expect(valuesOf(result)).toEqual({});
  });

  it('names several quantiles in a label, which may change from step to step', async () => {
    const buckets = [bucket('1', [10, 10]), bucket('+Inf', [10, 10])];
    const text = 'histogram_quantiles(h_bucket, "q", 0.5, 1 - time() / 40)';
    expect(valuesOf(await range(text, 10_000, buckets))).toEqual({
      '{q=0.5}': [0.5, 0.5],
      '{q=0.75}': [0.75],
      '{q=1.0}': [1],
    });
    expect(valuesOf(await instant('histogram_quantiles(h_bucket, "q", 0.5, 1)', 0, buckets))).toEqual({
      '{q=0.5}': 0.5,
      '{q=1.0}': 1,
    });
  });
});

describe('absent', () => {
  it('is there at the steps at which nothing else is', async () => {
    const flaky = [series('up', { job: 'a' }, [1, 'stale', undefined, 1])];
    expect(valuesOf(await range('absent(up{job="a"})', 30_000, flaky))).toEqual({ '{job=a}': [1, 1] });
    expect(valuesOf(await range('absent_over_time(up{job="a"}[20s])', 30_000, flaky))).toEqual({
      '{job=a}': [1],
    });
  });

  it('has the labels that the missing series would surely have', async () => {
    expect(valuesOf(await instant('absent(up{job="a", host=~"x", zone="z", zone="y"})', 0, []))).toEqual({
      '{job=a}': 1,
    });
    expect(valuesOf(await instant('absent(sum(up{job="a"}))', 0, []))).toEqual({ '{}': 1 });
  });
});

describe('labels', () => {
  it('are replaced in every series, and the name may be too', async () => {
    const up = [series('up', { host: 'a:9100' }, [1])];
    expect(valuesOf(await instant('label_replace(up, "host", "$1", "host", "(.*):.*")', 0, up))).toEqual({
      'up{host=a}': 1,
    });
    expect(valuesOf(await instant('label_replace(up, "__name__", "down", "", "")', 0, up))).toEqual({
      'down{host=a:9100}': 1,
    });
    expect(valuesOf(await instant('label_join(up, "both", "-", "host", "host")', 0, up))).toEqual({
      'up{both=a:9100-a:9100,host=a:9100}': 1,
    });
  });

  it('may be called as what every object has', async () => {
    const odd = [
      series('up', JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>, [1]),
    ];
    expect(valuesOf(await instant('sum by (constructor) (up)', 0, odd))).toEqual({ '{constructor=b}': 1 });
    expect(valuesOf(await instant('sum by (toString) (up)', 0, odd))).toEqual({ '{}': 1 });
    expect(valuesOf(await instant('sum without (constructor) (up)', 0, odd))).toEqual({ '{__proto__=a}': 1 });
  });
});

describe('times and numbers', () => {
  const one = [series('one', {}, [1, undefined, 2])];

  it('are those of the samples for a selector, and of the step for anything else', async () => {
    expect(valuesOf(await range('timestamp(one)', 30_000, one))).toEqual({ '{}': [0, 0, 20, 20] });
    expect(valuesOf(await range('timestamp(one + 0)', 30_000, one))).toEqual({ '{}': [0, 10, 20, 30] });
  });

  it('are NaN when a scalar is made of none or several', async () => {
    const two = [...one, series('two', {}, [3])];
    expect((await instant('scalar(one)', 0, two)).value).toMatchObject({ value: 1 });
    expect((await instant('scalar({__name__=~"one|two"})', 0, two)).value).toMatchObject({
      value: Number.NaN,
    });
    expect((await instant('scalar(nobody)', 0, two)).value).toMatchObject({ value: Number.NaN });
  });

  it('speak of the query where a function asks for its span', async () => {
    expect(valuesOf(await range('vector(end() - start() + step())', 20_000, []))).toEqual({
      '{}': [30, 30, 30],
    });
    expect((await instant('range()', 20_000, [])).value).toMatchObject({ value: 0 });
  });

  it('do not change what other operations see of a literal', async () => {
    expect(valuesOf(await range('-vector(1) + vector(1) * 3', 10_000, []))).toEqual({ '{}': [2, 2] });
  });

  it('sort by value or by labels, as people count', async () => {
    const disks = ['10', '9', '1'].map((disk) => series('disk', { disk }, [Number(disk) % 9]));
    expect(Object.keys(valuesOf(await instant('sort_by_label(disk, "disk")', 0, disks)))).toEqual(
      ['1', '9', '10'].map((disk) => `disk{disk=${disk}}`),
    );
    expect(Object.values(valuesOf(await instant('sort_desc(disk)', 0, disks)))).toEqual([1, 1, 0]);
  });
});

describe('clamp', () => {
  const alike = [series('m', {}, [1, 2]), series('n', {}, [3, 4])];

  it('refuses series that are the same without their names only where it gives values at all', async () => {
    const text = 'clamp({__name__=~"m|n"}, 5, 1)';
    expect(valuesOf(await instant(text, 0, alike))).toEqual({});
    expect(valuesOf(await range(text, 10_000, alike))).toEqual({});
    await expect(range('clamp({__name__=~"m|n"}, 5, 1 + time())', 10_000, alike)).rejects.toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });
});
