import { compileMatchers, type SeriesSamples } from '@labkeeper/core';
import type { Selection } from '@labkeeper/promql';

export type StoredSeries = SeriesSamples;

export interface StoreShape {
  readonly metrics: number;
  readonly seriesPerMetric: number;
  readonly samples: number;
  readonly intervalMs: number;
}

/** Counters that start anew now and then, series by series of one metric after the other. */
export function storeOf({
  metrics,
  seriesPerMetric,
  samples,
  intervalMs,
}: StoreShape): readonly StoredSeries[] {
  return Array.from({ length: metrics * seriesPerMetric }, (_, index) => {
    const [metric, instance] = [Math.floor(index / seriesPerMetric), index % seriesPerMetric];
    const timesMs = Float64Array.from({ length: samples }, (_, row) => row * intervalMs);
    let value = 0;
    const values = timesMs.map(
      (_, row) => (value = (row + index) % 4_000 === 3_999 ? 0 : value + (row % (instance + 7))),
    );
    const labels = { instance: `host-${instance}:9100`, job: `job-${instance % 5}` };
    return { series: { name: `metric_${metric}_total`, labels }, timesMs, values };
  });
}

/** What a selection finds, without a copy. */
export function samplesOf(
  store: readonly StoredSeries[],
  { matchers, fromMs, toMs }: Selection,
): readonly SeriesSamples[] {
  const matches = compileMatchers(matchers);
  return store
    .filter(({ series }) => matches(series))
    .map(({ series, timesMs, values }) => {
      const from = timesMs.findIndex((timeMs) => timeMs >= fromMs);
      const behind = timesMs.findIndex((timeMs) => timeMs > toMs);
      const to = behind < 0 ? timesMs.length : behind;
      return { series, timesMs: timesMs.subarray(from, to), values: values.subarray(from, to) };
    });
}
