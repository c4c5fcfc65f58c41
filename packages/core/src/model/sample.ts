import type { Labels } from './labels.js';

/** The identity of a time series: metric name and labels. Stores may keep the object itself as a cache key, so never change one. */
export interface Series {
  readonly name: string;
  readonly labels: Labels;
}

/**
 * One measured value as a plugin reports it.
 * `timeMs` is milliseconds since the epoch; leave it out and the start of the collection counts.
 * `value` may be STALENESS_MARK: the series ends here.
 */
export interface Sample {
  readonly name: string;
  readonly labels?: Labels;
  readonly value: number;
  readonly timeMs?: number;
}

/**
 * Many samples as columns: row `i` is (`series[i]`, `timesMs[i]`, `values[i]`). All three have the same length.
 * The form in which samples travel from ingest to the store, because it needs no object per sample.
 */
export interface SampleBatch {
  readonly series: readonly Series[];
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** What a metric means. Plugins declare it as data; README tables, `/metrics` and the metadata API are made from it. */
export interface MetricDescription {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'unknown';
  readonly help: string;
  /** Base unit in the Prometheus sense: `seconds`, `bytes`, `ratio` …; absent for counts and states. */
  readonly unit?: string;
  readonly labels?: readonly string[];
}
