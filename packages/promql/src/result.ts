import type { InstantValue, Labels } from '@labkeeper/core';

/** One series of a range result. `labels` hold `__name__` where the result has a metric name. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** What an evaluation gives, in the shapes of Prometheus' HTTP API. `labels` of vectors hold `__name__` too. */
export type QueryValue =
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string }
  | { readonly type: 'vector'; readonly values: readonly InstantValue[] }
  | { readonly type: 'matrix'; readonly series: readonly RangeSeries[] };

export interface QueryResult {
  readonly value: QueryValue;
  /** Prometheus' annotations: something is probably wrong with the data or the expression. With the place in the text, as Prometheus writes it. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  /** Samples that were read. */
  readonly samplesRead: number;
}
