import type { SeriesSamples } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import type { EvaluateOptions } from '../evaluate-options.js';
import type { Selection } from '../source.js';
import { parseExpression } from '../syntax/parse-expression.js';
import { evaluateInstant, evaluateInstantNow, evaluateRange, selectionsOf } from './evaluate.js';
import { selectFrom, series } from './testing/memory-series.js';

const day = Array.from({ length: 400 }, (_, row) => row);
const hosts = Array.from({ length: 100 }, (_, host) => series('cpu_total', { host: String(host) }, day));
const span = { fromMs: 0, toMs: 3_990_000, stepMs: 10_000 };

function optionsOver(all: readonly SeriesSamples[], more: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return { select: async (selection) => selectFrom(all, selection), ...more };
}

/** A clock that moves on whenever somebody looks. */
function clockOf(stepMs: number): () => number {
  let nowMs = 0;
  return () => (nowMs += stepMs);
}

describe('limits', () => {
  it('refuse more series than are allowed, naming both', async () => {
    const work = evaluateInstant(
      parseExpression('cpu_total'),
      0,
      optionsOver(hosts, { limits: { maxSeries: 99 } }),
    );
    await expect(work).rejects.toThrow('selects 100 series, 99 are allowed');
    await expect(work).rejects.toMatchObject({ kind: 'execution' });
  });

  it('refuse to read more samples than are allowed', async () => {
    const limits = { maxSamples: 1_000 };
    await expect(
      evaluateInstant(
        parseExpression('sum_over_time(cpu_total[5m])'),
        600_000,
        optionsOver(hosts, { limits }),
      ),
    ).rejects.toThrow(
      'query processing would load too many samples into memory in query execution: 3,000 samples, 1,000 are allowed',
    );
  });

  it('refuse to compute more values than are allowed, however few were read', async () => {
    const one = [series('one', {}, [1])];
    const expression = parseExpression('sum_over_time(one[5m:1ms])');
    await expect(
      evaluateInstant(expression, 290_000, optionsOver(one, { limits: { maxSamples: 100_000 } })),
    ).rejects.toThrow('too many samples');
  });

  it('count what is held at once, not what was computed and given away', async () => {
    const text = `cpu_total${' + 1'.repeat(40)}`;
    const { value } = await evaluateRange(
      parseExpression(text),
      span,
      optionsOver(hosts, { limits: { maxSamples: 200_000 } }),
    );
    expect(value.type === 'matrix' && value.series.length).toBe(100);
  });

  it('refuse more steps than are allowed', async () => {
    const fine = { fromMs: 0, toMs: 11_000, stepMs: 1 };
    await expect(evaluateRange(parseExpression('1'), fine, optionsOver([]))).rejects.toThrow(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX): it has 11,001 steps',
    );
  });

  it('stop what takes too long', async () => {
    const options = optionsOver(hosts, { monotonicMs: clockOf(40), limits: { timeoutMs: 100 } });
    await expect(evaluateRange(parseExpression('rate(cpu_total[5m])'), span, options)).rejects.toMatchObject({
      kind: 'timeout',
      message: 'query timed out in expression evaluation',
    });
  });

  it('know no time without a clock', async () => {
    const options = optionsOver(hosts, { limits: { timeoutMs: 0 } });
    expect((await evaluateRange(parseExpression('rate(cpu_total[5m])'), span, options)).infos).toEqual([]);
  });
});

describe('work that would be the product of what was read', () => {
  const many = Array.from({ length: 20_000 }, (_, row) => series('many', { row: String(row) }, [row]));
  const evaluate = (text: string, all = many, more: Partial<EvaluateOptions> = {}) =>
    evaluateInstant(parseExpression(text, { experimentalFunctions: true }), 0, optionsOver(all, more));

  it('is not begun for series that do not match clearly', async () => {
    await expect(evaluate('many * on() many')).rejects.toThrow(
      'found duplicate series for the match group {} on the right hand-side of the operation',
    );
    await expect(evaluate('many * on() group_right() (many * 0 + 1)')).rejects.toThrow(
      'found duplicate series for the match group {} on the left hand-side of the operation',
    );
  });

  it('is not begun for series that are never there together', async () => {
    const later = Array.from({ length: 20_000 }, (_, row) =>
      series('later', { row: String(row) }, [undefined, row]),
    );
    const ended = many.map((each) => series('ended', each.series.labels, [1, 'stale']));
    const { value } = await evaluateRange(
      parseExpression('ended * on() group_left() later'),
      { fromMs: 0, toMs: 10_000, stepMs: 10_000 },
      optionsOver([...ended, ...later]),
    );
    expect(value).toEqual({ type: 'matrix', series: [] });
  });

  it('counts the pairs that meet one after another', async () => {
    const { length } = hosts;
    const shifts = Array.from({ length }, (_, at) =>
      series('shift', { at: String(at) }, [...Array.from({ length: at }, () => undefined), 1, 'stale']),
    );
    const text = 'cpu_total * on() group_left(at) shift';
    const short = { fromMs: 0, toMs: (length - 1) * 10_000, stepMs: 10_000 };
    const limits = { maxSamples: 200_000 };
    const work = evaluateRange(parseExpression(text), short, optionsOver([...hosts, ...shifts], { limits }));
    await expect(work).rejects.toThrow('too many samples');
    const few = optionsOver([...hosts.slice(0, 2), ...shifts], { limits });
    const { value } = await evaluateRange(parseExpression(text), short, few);
    expect(value.type === 'matrix' && value.series.length).toBe(2 * length);
  });

  it('is refused for values that each become a series', async () => {
    const limits = { maxSamples: 1_000_000 };
    const text = 'sum_over_time(count_values("at", timestamp(vector(1)))[10000s:1s])';
    // Refused as soon as it passes the limit, not when all hundred millions are there.
    await expect(evaluate(text, [], { limits })).rejects.toThrow(/: 1,0\d\d,\d{3} samples/);
  });

  it('is refused for quantiles that change at every step', async () => {
    const limits = { maxSamples: 1_000_000 };
    const buckets = [series('b', { le: '+Inf' }, [1])];
    const text = 'sum_over_time(histogram_quantiles(b, "q", time() / 10000)[299s:100ms])';
    await expect(evaluate(text, buckets, { limits })).rejects.toThrow('too many samples');
  });

  it('is refused for label values that double with every call', async () => {
    let text = 'label_replace(many{row="7"}, "x", "0123456789abcdef", "", "")';
    for (let calls = 0; calls < 20; calls++) text = `label_replace(${text}, "x", "$1$1", "x", "(.*)")`;
    await expect(evaluate(text, many, { limits: { maxSamples: 100_000 } })).rejects.toThrow(
      'too many samples',
    );
  });

  it('is refused for subqueries with more steps than samples, though they read nothing', async () => {
    await expect(evaluate('sum_over_time(vector(1)[100y:1ms])')).rejects.toThrow('too many samples');
    await expect(evaluate('sum_over_time(nothing[100y:1ms])')).rejects.toThrow('too many samples');
  });
});

describe('an evaluation that takes long', () => {
  /** Pauses of an expression whose every look at the clock is worth a pause. */
  async function pausesOf(text: string, all: readonly SeriesSamples[], over = span): Promise<number> {
    let pauses = 0;
    const pause = async () => void pauses++;
    const options = optionsOver(all, { monotonicMs: clockOf(11), pause });
    await evaluateRange(parseExpression(text), over, options);
    return pauses;
  }

  it('gives way within one series, whose windows may be long, and gives what it would have given at once', async () => {
    const one = [series('one', {}, day)];
    expect(await pausesOf('sum_over_time(one[1h])', one)).toBeGreaterThan(3);
    const text = 'sum_over_time(one[1h]) unless one < 30';
    const options = optionsOver(one, { monotonicMs: clockOf(11), pause: async () => {} });
    const { value } = await evaluateRange(parseExpression(text), span, options);
    expect(value.type === 'matrix' && value.series[0]?.values.at(-1)).toBe(
      day.slice(40).reduce((sum, each) => sum + each, 0),
    );
  });

  it('gives way while it matches, sets series against each other, and asks what is absent', async () => {
    const base = await pausesOf('cpu_total', hosts);
    expect(await pausesOf('cpu_total and on(host) cpu_total', hosts)).toBeGreaterThan(2 * base + 2);
    expect(await pausesOf('absent_over_time(cpu_total[1m])', hosts)).toBeGreaterThan(base + 1);
    const series100 = hosts.map((each) => ({
      ...each,
      series: { name: 'other', labels: each.series.labels },
    }));
    const alike = '{__name__=~"cpu_total|other"} + on(__name__, host) group_left() cpu_total';
    expect(await pausesOf(alike, [...hosts, ...series100])).toBeGreaterThan(base + 2);
  });

  it('gives way while it replaces labels', async () => {
    const long = hosts.map((each) => series('long', { ...each.series.labels, text: 'x'.repeat(5_000) }, [1]));
    const once = { fromMs: 0, toMs: 0, stepMs: 10_000 };
    const text = 'label_replace(long, "text", "", "text", "(x*)")';
    expect(await pausesOf(text, long, once)).toBeGreaterThan(50);
  });

  it('lets others have the event loop', async () => {
    let pauses = 0;
    const pause = async () => void pauses++;
    await evaluateRange(
      parseExpression('rate(cpu_total[5m])'),
      span,
      optionsOver(hosts, { monotonicMs: clockOf(11), pause }),
    );
    expect(pauses).toBeGreaterThan(2);
  });

  it('stops when it is cancelled in a pause', async () => {
    const controller = new AbortController();
    const pause = async () => controller.abort();
    const options = optionsOver(hosts, { monotonicMs: clockOf(11), pause, signal: controller.signal });
    await expect(evaluateRange(parseExpression('rate(cpu_total[5m])'), span, options)).rejects.toMatchObject({
      kind: 'canceled',
    });
  });

  it('reads nothing when it was cancelled before', async () => {
    const select = async () => Promise.reject(new Error('must not be read'));
    const work = evaluateInstant(parseExpression('up'), 0, { select, signal: AbortSignal.abort() });
    await expect(work).rejects.toMatchObject({ kind: 'canceled' });
  });

  it('passes on what the source says when it fails', async () => {
    const select = async () => Promise.reject(new Error('the disk is gone'));
    await expect(evaluateInstant(parseExpression('up'), 0, { select })).rejects.toThrow('the disk is gone');
  });
});

describe('what is read', () => {
  const spans = (text: string, at = { fromMs: 600_000, toMs: 600_000, stepMs: 0 }) =>
    selectionsOf(parseExpression(text), at).map(({ fromMs, toMs }) => [fromMs, toMs]);

  it('is what windows and look-back reach, without their open start', () => {
    expect(spans('up')).toEqual([[300_001, 600_000]]);
    expect(spans('rate(up[1m])')).toEqual([[540_001, 600_000]]);
    expect(spans('up', { fromMs: 0, toMs: 600_000, stepMs: 60_000 })).toEqual([[-299_999, 600_000]]);
  });

  it('follows offset, @ and subqueries', () => {
    expect(spans('rate(up[1m] offset 1m)')).toEqual([[480_001, 540_000]]);
    expect(spans('up @ 60')).toEqual([[-239_999, 60_000]]);
    expect(spans('max_over_time(up[10m:1m])')).toEqual([[-239_999, 600_000]]);
    expect(spans('max_over_time(up[10m:1m] @ 60 offset 1m)')).toEqual([[-839_999, 0]]);
  });

  it('ends at the last step, not behind it', () => {
    expect(spans('up', { fromMs: 0, toMs: 65_000, stepMs: 60_000 })).toEqual([[-299_999, 60_000]]);
  });

  it('is read once where selectors need the same', async () => {
    const asked: Selection[] = [];
    const select = async (selection: Selection) => {
      asked.push(selection);
      return selectFrom(hosts, selection);
    };
    await evaluateInstant(parseExpression('cpu_total / on(host) cpu_total + rate(cpu_total[5m])'), 600_000, {
      select,
    });
    expect(asked).toHaveLength(1);
  });

  it('is nothing where there is nothing to evaluate', () => {
    expect(spans('count_over_time(up[10s:1h])')).toEqual([]);
  });
});

describe('an evaluation at once', () => {
  it('gives what the other one gives', async () => {
    const expression = parseExpression('sum(rate(cpu_total[5m])) > 1');
    const now = evaluateInstantNow(expression, 600_000, {
      select: (selection) => selectFrom(hosts, selection),
    });
    expect(now).toEqual(await evaluateInstant(expression, 600_000, optionsOver(hosts)));
  });
});
