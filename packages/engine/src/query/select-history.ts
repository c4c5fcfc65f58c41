import { type SampleStore, type SeriesRollup, type SeriesSamples, seriesKey } from '@labkeeper/core';
import type { Selection } from '@labkeeper/promql';

/** Step of the finest roll-up, and how far back an instant selector looks: its ends are as good as samples. */
const ROLLUP_STEP_MS = 300_000;
/** Spans shorter than this are never older than what is kept of samples. */
const SHORTEST_HISTORY_MS = 86_400_000;

/**
 * Samples of a selection; where the store has let go of them already, the last value of each step of its roll-ups. So a graph of a year
 * has the whole year. Called for every selector of every query.
 */
export async function selectHistory(
  samples: Pick<SampleStore, 'select' | 'rollup'>,
  { matchers, fromMs, toMs }: Selection,
): Promise<readonly SeriesSamples[]> {
  const found = await samples.select(matchers, fromMs, toMs);
  if (toMs - fromMs < SHORTEST_HISTORY_MS) return found;
  const untilMs = found.reduce((least, { timesMs }) => Math.min(least, (timesMs[0] as number) - 1), toMs);
  if (untilMs - fromMs < ROLLUP_STEP_MS) return found;
  const { series, resolutionMs } = await samples.rollup(matchers, {
    fromMs,
    toMs: untilMs,
    stepMs: ROLLUP_STEP_MS,
  });
  // Answered from samples: then there are none before those that were found.
  return resolutionMs === 0 || series.length === 0 ? found : joined(series, found);
}

function joined(older: readonly SeriesRollup[], newer: readonly SeriesSamples[]): readonly SeriesSamples[] {
  const newerOf = new Map(newer.map((one) => [seriesKey(one.series.name, one.series.labels), one]));
  const all = older.map(({ series, timesMs, last }) => {
    const key = seriesKey(series.name, series.labels);
    const rest = newerOf.get(key);
    newerOf.delete(key);
    return rest
      ? { series, timesMs: behind(timesMs, rest.timesMs), values: behind(last, rest.values) }
      : { series, timesMs, values: last };
  });
  return [...all, ...newerOf.values()];
}

function behind(first: Float64Array, second: Float64Array): Float64Array {
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
