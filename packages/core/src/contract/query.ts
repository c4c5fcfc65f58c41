import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { Series } from '../model/sample.js';

/** The samples of one series within a span, as columns, in ascending time. */
export interface SeriesSamples {
  readonly series: Series;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** One value of an instant query. */
export interface InstantValue {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly value: number;
}

/** Reading what was measured. Plugins get it in their context. */
export interface QueryClient {
  /** Raw samples with `fromMs ≤ time ≤ toMs` of every series that meets all matchers. At least one matcher. */
  select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly SeriesSamples[]>;
  /** PromQL at one time. Rejects with QUERY_UNAVAILABLE where no evaluator is installed. */
  instant(expression: string, atMs?: number): Promise<readonly InstantValue[]>;
  /** PromQL over a span. Rejects as {@link QueryClient.instant} does. */
  range(
    expression: string,
    span: { fromMs: number; toMs: number; stepMs: number },
  ): Promise<readonly SeriesSamples[]>;
}
