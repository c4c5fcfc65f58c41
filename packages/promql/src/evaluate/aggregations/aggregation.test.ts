import { describe, expect, it } from 'vitest';
import { instant, range, series, valuesOf } from '../testing/memory-series.js';

const load = [
  series('load', { host: 'a', job: 'x' }, [4, 1]),
  series('load', { host: 'b', job: 'x' }, [2, 9]),
  series('load', { host: 'c', job: 'y' }, [Number.NaN, 3]),
  series('load', { host: 'd', job: 'y' }, [4, 'stale']),
];

describe('an aggregation', () => {
  it('counts at each step only what is there', async () => {
    expect(valuesOf(await range('sum by (job) (load)', 10_000, load))).toEqual({
      '{job=x}': [6, 10],
      '{job=y}': [Number.NaN, 3],
    });
    expect(valuesOf(await range('count without (host) (load)', 10_000, load))).toEqual({
      '{job=x}': [2, 2],
      '{job=y}': [2, 1],
    });
    expect(valuesOf(await range('group(load > 5)', 10_000, load))).toEqual({ '{}': [1] });
    expect(valuesOf(await range('min(load)', 10_000, load))).toEqual({ '{}': [2, 1] });
  });

  it('keeps the digits that a plain sum would lose', async () => {
    const large = [1, 1e100, 1, -1e100].map((value, host) => series('m', { host: String(host) }, [value]));
    expect(valuesOf(await instant('sum(m)', 0, large))).toEqual({ '{}': 2 });
    expect(valuesOf(await instant('avg(m)', 0, large))).toEqual({ '{}': 0.5 });
  });

  it('averages what adds up beyond the largest double', async () => {
    const huge = [1, 2, 3].map((host) => series('m', { host: String(host) }, [1.7e308]));
    expect(valuesOf(await instant('avg(m)', 0, huge))['{}']).toBeCloseTo(1.7e308, -300);
    expect(valuesOf(await instant('sum(m)', 0, huge))).toEqual({ '{}': Number.POSITIVE_INFINITY });
  });
});

describe('topk and bottomk', () => {
  it('give the best first, NaN last, and keep all labels', async () => {
    const top = valuesOf(await instant('topk(3, load)', 0, load));
    expect(Object.entries(top)).toEqual([
      ['load{host=a,job=x}', 4],
      ['load{host=d,job=y}', 4],
      ['load{host=b,job=x}', 2],
    ]);
    const bottom = valuesOf(await instant('bottomk(9, load)', 0, load));
    expect(Object.keys(bottom).at(-1)).toBe('load{host=c,job=y}');
  });

  it('choose anew at each step, with a limit that may change', async () => {
    expect(valuesOf(await range('topk(1, load)', 10_000, load))).toEqual({
      'load{host=a,job=x}': [4],
      'load{host=b,job=x}': [9],
    });
    expect(valuesOf(await range('count(topk(time() / 10, load))', 30_000, load))).toEqual({
      '{}': [1, 2, 3],
    });
  });

  it('refuse limits that are no integers of 64 bits', async () => {
    await expect(instant('topk(NaN, load)', 0, load)).rejects.toThrow('Parameter value is NaN');
    await expect(instant('topk(1e300, load)', 0, load)).rejects.toThrow(
      'Scalar value 1e+300 overflows int64',
    );
    expect(valuesOf(await instant('topk(0, load)', 0, load))).toEqual({});
  });
});

describe('limitk and limit_ratio', () => {
  const many = Array.from({ length: 1_000 }, (_, host) => series('m', { host: String(host) }, [host]));

  it('keep so many, or about that part, of each group', async () => {
    expect(Object.keys(valuesOf(await instant('limitk(1, load)', 0, load)))).toHaveLength(1);
    expect(Object.keys(valuesOf(await instant('limitk by (job) (1, load)', 0, load)))).toHaveLength(2);
    const kept = Object.keys(valuesOf(await instant('limit_ratio(0.3, m)', 0, many))).length;
    expect(kept).toBeGreaterThan(200);
    expect(kept).toBeLessThan(400);
  });

  it('give with a negative ratio exactly what its complement leaves out', async () => {
    const kept = Object.keys(valuesOf(await instant('limit_ratio(0.3, m)', 0, many)));
    const rest = Object.keys(valuesOf(await instant('limit_ratio(-0.7, m)', 0, many)));
    expect(new Set([...kept, ...rest]).size).toBe(1_000);
    expect(kept.length + rest.length).toBe(1_000);
  });

  it('cap ratios beyond 1, and say so', async () => {
    const { warnings } = await instant('limit_ratio(1.5, load)', 0, load);
    expect(warnings).toEqual([
      'PromQL warning: ratio value should be between -1 and 1, got 1.5, capping to 1 (1:13)',
    ]);
    await expect(instant('limit_ratio(NaN, load)', 0, load)).rejects.toThrow('Ratio value is NaN');
  });
});

describe('count_values', () => {
  it('writes values without exponents, and counts them at each step', async () => {
    const values = [1e21, 1e-7, Number.NaN, Number.NEGATIVE_INFINITY, -0, 0.1].map((value, host) =>
      series('m', { host: String(host) }, [value]),
    );
    expect(Object.keys(valuesOf(await instant('count_values("v", m)', 0, values)))).toEqual([
      '{v=1000000000000000000000}',
      '{v=0.0000001}',
      '{v=NaN}',
      '{v=-Inf}',
      '{v=-0}',
      '{v=0.1}',
    ]);
    expect(valuesOf(await range('count_values("v", load{job="x"})', 10_000, load))).toEqual({
      '{v=1}': [1],
      '{v=2}': [1],
      '{v=4}': [1],
      '{v=9}': [1],
    });
  });

  it('puts the value into a label that the groups may have', async () => {
    expect(valuesOf(await instant('count_values by (job) ("job", load{job="x"})', 0, load))).toEqual({
      '{job=4}': 1,
      '{job=2}': 1,
    });
    await expect(instant('count_values("", load)', 0, load)).rejects.toThrow('invalid label name ""');
  });
});
