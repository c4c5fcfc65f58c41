import { type Labels, type MetricDescription, type Sample, STALENESS_MARK } from '@labkeeper/core';

/** What every scrape says of itself, under the names that Prometheus gives it. */
export const REPORT_METRICS: readonly MetricDescription[] = [
  { name: 'up', type: 'gauge', help: 'Whether the last scrape of the target succeeded.' },
  {
    name: 'scrape_duration_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Duration of the scrape.',
  },
  {
    name: 'scrape_samples_scraped',
    type: 'gauge',
    help: 'Samples that the target exposed.',
  },
  {
    name: 'scrape_samples_post_metric_relabeling',
    type: 'gauge',
    help: 'Samples that were left after the rules of metric_relabel.',
  },
  {
    name: 'scrape_series_added',
    type: 'gauge',
    help: 'Series that the scrape before did not have.',
  },
];

/** The figures of one scrape. */
export interface ScrapeFigures {
  readonly isUp: boolean;
  readonly durationMs: number;
  readonly scraped: number;
  readonly kept: number;
  readonly added: number;
}

/** The report as samples. `labels` is the target's own object, so that ingest knows the series again. */
export function reportSamples(labels: Labels, figures: ScrapeFigures): readonly Sample[] {
  const values = [
    figures.isUp ? 1 : 0,
    figures.durationMs / 1_000,
    figures.scraped,
    figures.kept,
    figures.added,
  ];
  return REPORT_METRICS.map(({ name }, index) => ({ name, labels, value: values[index] as number }));
}

/** What says that these series have ended. */
export function endOf(
  series: readonly { readonly name: string; readonly labels: Labels }[],
): readonly Sample[] {
  return series.map(({ name, labels }) => ({ name, labels, value: STALENESS_MARK }));
}
