import {
  isCounterName,
  type Matcher,
  type SampleStore,
  type SeriesRollup,
  type SeriesSamples,
  seriesKey,
} from '@labkeeper/core';

/** Length of the finest summaries that stores keep. */
const SUMMARY_MS = 300_000;

/** Charts with bins at least this wide are made of summaries, of which each bin then has two or more. */
export const SUMMARISED_BINS_MS = 2 * SUMMARY_MS;

/**
 * What wide bins are made of: the mean of a gauge, and where a counter stood at the end of each five minutes. So a month of one server is read in
 * milliseconds, and years after its samples are gone. The last minutes come as samples: their five minutes are not over.
 */
export async function summarisedColumns(
  store: SampleStore,
  matchers: readonly Matcher[],
  fromMs: number,
  toMs: number,
): Promise<readonly SeriesSamples[]> {
  const cutMs = Math.floor(toMs / SUMMARY_MS) * SUMMARY_MS - SUMMARY_MS;
  const { series } = await store.rollup(matchers, { fromMs, toMs: cutMs, stepMs: SUMMARY_MS });
  const lost = new Map(series.map((rollup) => [keyOf(rollup), totalLost(rollup)]));
  const newest = await store.select(matchers, cutMs + 1, toMs);
  return [
    ...series.map(asSamples),
    ...newest.map((samples) => raised(samples, lost.get(keyOf(samples)) ?? 0)),
  ];
}

const keyOf = ({ series: { name, labels } }: Pick<SeriesSamples, 'series'>) => seriesKey(name, labels);

function totalLost({ series, resets }: SeriesRollup): number {
  return isCounterName(series.name) ? resets.reduce((sum, lost) => sum + lost, 0) : 0;
}

/** Goes on where the summaries of a counter end. */
function raised({ series, timesMs, values }: SeriesSamples, lost: number): SeriesSamples {
  return { series, timesMs, values: lost === 0 ? values : values.map((value) => value + lost) };
}

/** A summary stands at the last moment that is within its step. */
function asSamples(rollup: SeriesRollup): SeriesSamples {
  const timesMs = rollup.timesMs.map((endMs) => endMs - 1);
  const values = isCounterName(rollup.series.name) ? withoutResets(rollup) : means(rollup);
  return { series: rollup.series, timesMs, values };
}

function means({ sum, count }: SeriesRollup): Float64Array {
  return sum.map((total, step) => total / (count[step] as number));
}

/** Grows all the time: what a counter lost by starting anew is added again. */
function withoutResets({ last, resets }: SeriesRollup): Float64Array {
  let lost = 0;
  return last.map((value, step) => {
    lost += resets[step] as number;
    return value + lost;
  });
}
