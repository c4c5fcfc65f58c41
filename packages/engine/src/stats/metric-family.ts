import type { Labels, MetricDescription } from '@labkeeper/core';

/** One line of a metric. */
export interface MetricSample {
  readonly labels: Labels;
  readonly value: number;
  /** `_bucket`, `_sum` and `_count` of a histogram. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

/** All lines of one metric, with what it means; `/metrics` prints them. */
export interface MetricFamily extends Pick<MetricDescription, 'name' | 'help' | 'unit'> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly MetricSample[];
}
