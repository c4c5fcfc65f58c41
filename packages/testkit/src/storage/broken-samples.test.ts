import type { Matcher, SampleBatch, SampleStore, Series } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { type Broken, failing, subject, untestedCases, withSamples } from './broken-storage.js';
import { storageCases } from './conform-storage.js';

const sampleBreaks: readonly Broken[] = [
  [
    'an append that keeps nothing',
    withSamples(() => ({ append: async () => ({ kept: 0, conflicting: 0, tooOld: 0 }) })),
    'gives back what was appended, by series, in ascending time',
  ],
  [
    'a NaN that loses its payload',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          {
            ...batch,
            values: Array.from(batch.values, (value) => (Number.isNaN(value) ? Number.NaN : value)),
          },
          options,
        ),
    })),
    'keeps values bit for bit, the payload of a NaN included',
  ],
  [
    'a NaN that is dropped, as SQL does with it',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          rowsWhere(batch, (row) => !Number.isNaN(batch.values[row])),
          options,
        ),
    })),
    'keeps values bit for bit, the payload of a NaN included',
  ],
  [
    'a zero that loses its sign',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          { ...batch, values: withWords(batch, (bits) => (bits === 1n << 63n ? 0n : bits)) },
          options,
        ),
    })),
    'keeps values bit for bit, the payload of a NaN included',
  ],
  [
    'values in single precision',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append({ ...batch, values: Float32Array.from(Array.from(batch.values)) }, options),
    })),
    'keeps values bit for bit, the payload of a NaN included',
  ],
  [
    'samples in the order of their arrival',
    withSamples((inner) => {
      const arrival: number[] = [];
      return {
        append: async (batch, options) => {
          const outcome = await inner.append(batch, options);
          arrival.push(...Array.from(batch.timesMs));
          return outcome;
        },
        select: async (...selection) =>
          (await inner.select(...selection)).map(({ series, timesMs, values }) => {
            const order = [...timesMs.keys()].sort(
              (a, b) => arrival.indexOf(timesMs[a] as number) - arrival.indexOf(timesMs[b] as number),
            );
            return {
              series,
              timesMs: Float64Array.from(order, (row) => timesMs[row] as number),
              values: Float64Array.from(order, (row) => values[row] as number),
            };
          }),
      };
    }),
    'sorts samples that come in any order, in one batch and over several',
  ],
  [
    'a later row that wins over the first one',
    withSamples((inner) => ({
      append: async (batch, options) => {
        for (let row = 0; row < batch.series.length; row++) {
          const { name, labels } = batch.series[row] as Series;
          const matchers: Matcher[] = [{ label: '__name__', operator: '=', value: name }];
          for (const [label, value] of Object.entries(labels)) matchers.push({ label, operator: '=', value });
          const timeMs = batch.timesMs[row] as number;
          await inner.delete(matchers, timeMs, timeMs);
        }
        return inner.append(batch, options);
      },
    })),
    'keeps the first value of a series and time, and counts others that come for it',
  ],
  [
    'samples of any age that are taken without a word',
    withSamples((inner) => ({ append: (batch) => inner.append(batch, { backfill: true }) })),
    'refuses and counts samples that come long after newer ones, unless they are a back-fill',
  ],
  [
    'times in seconds',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          {
            ...batch,
            timesMs: Array.from(batch.timesMs, (ms) => Math.trunc(ms / 1_000) * 1_000),
          },
          options,
        ),
    })),
    'keeps times exactly: before the epoch, far away, and side by side with both',
  ],
  [
    'series that are told apart by the order of their labels',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          {
            ...batch,
            series: batch.series.map(({ name, labels }) => ({
              name,
              labels: {
                ...labels,
                ...(Object.keys(labels)[0] ? { order: Object.keys(labels).join('') } : {}),
              },
            })),
          },
          options,
        ),
    })),
    'knows a series by name and labels, whatever the order of labels or the object',
  ],
  [
    'series that are known by their labels joined with commas',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          {
            ...batch,
            series: batch.series.map(({ name, labels }) => ({
              name,
              labels: Object.fromEntries(
                Object.entries(labels).map(([label, value]) => [label, value.slice(0, 1)]),
              ),
            })),
          },
          options,
        ),
    })),
    'keeps series apart that differ in anything',
  ],
  [
    'a batch of which the sound rows are kept',
    withSamples((inner) => ({
      append: async (batch, options) => {
        await inner.append(
          rowsWhere(
            batch,
            (row) => /^\w+$/.test(batch.series[row]?.name ?? '') && Number.isSafeInteger(batch.timesMs[row]),
          ),
        );
        return inner.append(batch, options);
      },
    })),
    'keeps nothing of a batch that has one row that cannot be kept',
  ],
  [
    'columns that are read after the caller has gone on',
    withSamples((inner) => ({
      append: async (batch, options) => {
        await Promise.resolve();
        return inner.append(batch, options);
      },
    })),
    'copies a batch in: its columns may be used again as soon as append was called',
  ],
  [
    'columns that are given out without a copy',
    withSamples((inner) => {
      let shared: Awaited<ReturnType<SampleStore['select']>> | undefined;
      return { select: async (...selection) => (shared ??= await inner.select(...selection)) };
    }),
    'copies samples out: changing what select gave changes nothing stored',
  ],
  [
    'a delete that does nothing',
    withSamples(() => ({ delete: async () => 1 })),
    'deletes what lies in the span of matching series, and says how many samples that was',
  ],
  [
    'a delete that takes the whole series',
    withSamples((inner) => ({
      delete: (matchers) => inner.delete(matchers, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    })),
    'deletes what lies in the span of matching series, and says how many samples that was',
  ],
  [
    'empty series that stay',
    withSamples((inner) => {
      const seen: Series[] = [];
      return {
        append: async (batch, options) => {
          const outcome = await inner.append(batch, options);
          for (const series of batch.series)
            if (!seen.some((one) => JSON.stringify(one) === JSON.stringify(series))) seen.push(series);
          return outcome;
        },
        series: async (matchers) => (matchers.length === 0 ? seen : inner.series(matchers)),
      };
    }),
    'lets a series disappear with its last sample, and come back with a new one',
  ],
  [
    'a retention that keeps the newest hour too many',
    withSamples((inner) => ({
      delete: (matchers, fromMs, toMs) => inner.delete(matchers, fromMs, toMs - 3_600_000),
    })),
    'forgets old samples of all series, as retention asks, and keeps the rest',
  ],
  [
    'statistics that count appended rows',
    withSamples((inner) => ({ stats: async () => ({ ...(await inner.stats()), oldestMs: 0 }) })),
    'counts series and samples, and knows the oldest and the newest time',
  ],
  ['expressions that are not anchored', withSamples(unanchored), 'anchors expressions at both ends'],
  [
    'expressions that backtrack',
    withSamples((inner) => ({
      series: async (matchers) => {
        // Shorter than what the suite asks, so that this test ends: it refuses instead of hanging.
        if (matchers.some(({ value }) => value === '(a+)+')) throw new Error('hangs');
        return inner.series(matchers);
      },
    })),
    'answers in time whatever the expression',
  ],
  [
    'a missing label that matches nothing',
    withSamples((inner) => ({
      series: async (matchers) =>
        (await inner.series(matchers)).filter(({ labels }) =>
          matchers.every(({ label }) => label === '__name__' || label in labels),
        ),
    })),
    'matches a label that a series lacks as the empty text',
  ],
  [
    'only the first matcher counts',
    withSamples((inner) => ({ series: (matchers) => inner.series(matchers.slice(0, 1)) })),
    'matches equal and unequal labels, the metric name as __name__, and all matchers together',
  ],
  [
    'a selection of everything',
    withSamples((inner) => ({
      select: (matchers, ...span) =>
        inner.select(
          matchers.length === 0 ? [{ label: '__name__', operator: '!=', value: '' }] : matchers,
          ...span,
        ),
    })),
    'refuses selections without matchers and with broken expressions',
  ],
  [
    'a broken expression that matches nothing',
    withSamples((inner) => ({
      select: (...selection) =>
        inner
          .select(...selection)
          .catch((error: unknown) => (selection[0].length === 0 ? Promise.reject(error as Error) : [])),
    })),
    'refuses selections without matchers and with broken expressions',
  ],
  [
    'an end of the span that is left out',
    withSamples((inner) => ({
      select: (matchers, fromMs, toMs) => inner.select(matchers, fromMs, toMs - 1),
    })),
    'takes both ends of the span as inclusive, and leaves out series with nothing in it',
  ],
  [
    'a latest sample by arrival',
    withSamples((inner) => {
      let last = Number.NEGATIVE_INFINITY;
      return {
        append: async (batch, options) => {
          const outcome = await inner.append(batch, options);
          last = batch.timesMs[batch.timesMs.length - 1] ?? last;
          return outcome;
        },
        latest: (matchers) => inner.select(matchers, last, last),
      };
    }),
    'gives the latest sample of each series by time, not by arrival',
  ],
  [
    'a latest sample that is looked for in the last days only',
    withSamples((inner) => ({
      latest: async (matchers, sinceMs) =>
        inner.latest(matchers, Math.max(sinceMs, ((await inner.stats()).newestMs ?? 0) - 7 * 86_400_000)),
    })),
    'finds the latest sample though it is months older than the newest of others',
  ],
  [
    'labels without the metric name',
    withSamples((inner) => ({
      labelNames: async () => (await inner.labelNames()).filter((label) => label !== '__name__'),
    })),
    'names labels and their values in order',
  ],
  [
    'a span that is cut to a day',
    withSamples((inner) => ({
      select: (matchers, fromMs, toMs) => inner.select(matchers, fromMs, Math.min(toMs, fromMs + 60_000_000)),
    })),
    'finds a day of one series among many days of many',
  ],
  [
    'an empty batch that is an error',
    withSamples((inner) => ({
      append: async (batch, options) => {
        if (batch.series.length === 0) throw new Error('nothing to append');
        return inner.append(batch, options);
      },
    })),
    'takes an empty batch, and plain lists for columns',
  ],
  [
    'a batch that is dropped while another is written',
    withSamples((inner) => {
      let isBusy = false;
      return {
        append: async (batch, options) => {
          if (isBusy) return { kept: 0, conflicting: 0, tooOld: 0 };
          isBusy = true;
          const outcome = await inner.append(batch, options);
          await new Promise((resolve) => setImmediate(resolve));
          isBusy = false;
          return outcome;
        },
      };
    }),
    'takes many series at once, and many batches at the same time',
  ],
  [
    'a label name that is always there',
    withSamples((inner) => ({
      labelNames: async () => [...new Set(['__name__', ...(await inner.labelNames())])],
    })),
    'has no labels, no series and no samples at first',
  ],
  [
    'samples before the epoch that are dropped',
    withSamples((inner) => ({
      append: (batch, options) =>
        inner.append(
          rowsWhere(batch, (row) => (batch.timesMs[row] ?? 0) >= 0),
          options,
        ),
    })),
    'agrees with a simple model over random appends and deletions of samples',
  ],
  [
    'steps that have their beginning and not their end',
    withSamples((inner) => ({
      rollup: (matchers, { fromMs, toMs, stepMs }) =>
        inner.rollup(matchers, { fromMs: fromMs + stepMs, toMs: toMs + stepMs, stepMs }),
    })),
    'sums up in steps that have their end and not their beginning',
  ],
  [
    'counters whose resets are forgotten',
    withSamples((inner) => ({
      rollup: async (matchers, span) => {
        const { resolutionMs, series } = await inner.rollup(matchers, span);
        return { resolutionMs, series: series.map((one) => ({ ...one, resets: one.resets.map(() => 0) })) };
      },
    })),
    'knows how much a counter lost by starting anew, and takes a gauge as it is',
  ],
  [
    'steps that count what is no number',
    withSamples((inner) => ({
      rollup: async (matchers, span) => {
        const { resolutionMs, series } = await inner.rollup(matchers, span);
        return {
          resolutionMs,
          series: series.map((one) => ({ ...one, count: one.count.map((n) => n + 1) })),
        };
      },
    })),
    'leaves what is no number out of all but the last value',
  ],
  [
    'counts of the fewest instead of the most',
    withSamples((inner) => ({
      cardinality: async (limit) => {
        const { metrics, labels } = await inner.cardinality(limit);
        return { metrics: metrics.toReversed(), labels };
      },
    })),
    'counts the series of each metric and the values of each label, the most first',
  ],
];

describe('the storage suite catches in samples', () => {
  it.each(sampleBreaks)('%s', async (_, breakIt, name) => {
    expect(await failing(storageCases.samples, name, subject(breakIt))).toEqual([name]);
  });

  it('a break of every single promise', () => {
    expect(
      untestedCases(
        storageCases.samples,
        sampleBreaks.map(([, , name]) => name),
      ),
    ).toEqual([]);
  });
});

function unanchored(inner: SampleStore): Partial<SampleStore> {
  const loosened = (matchers: readonly Matcher[]) =>
    matchers.map((matcher) =>
      matcher.operator.includes('~') ? { ...matcher, value: `.*(${matcher.value}).*` } : matcher,
    );
  return {
    series: (matchers) => inner.series(loosened(matchers)),
    select: (matchers, ...span) => inner.select(loosened(matchers), ...span),
  };
}

function rowsWhere({ series, timesMs, values }: SampleBatch, keep: (row: number) => boolean): SampleBatch {
  const rows = [...series.keys()].filter(keep);
  return {
    series: rows.map((row) => series[row] as Series),
    timesMs: rows.map((row) => timesMs[row] as number),
    values: Float64Array.from(rows, (row) => values[row] as number),
  };
}

function withWords({ values }: SampleBatch, change: (bits: bigint) => bigint): Float64Array {
  const bits = new BigUint64Array(new Float64Array(values).buffer);
  return new Float64Array(bits.map(change).buffer);
}
