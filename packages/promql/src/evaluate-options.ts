import type { SelectSamples } from './source.js';

/** Bounds of one query; passing one is an error that names it. */
export interface QueryLimits {
  /** Series that all selectors together may read. */
  readonly maxSeries: number;
  /** Samples that may be read or held at once. */
  readonly maxSamples: number;
  /** Steps of one range query: 11,000 in Prometheus. */
  readonly maxSteps: number;
  readonly timeoutMs: number;
}

export interface EvaluateOptions {
  readonly select: SelectSamples;
  /** How far back an instant selector looks. Default five minutes. */
  readonly lookbackMs?: number;
  /** Step of subqueries that name none. Default one minute. */
  readonly defaultStepMs?: number;
  readonly limits?: Partial<QueryLimits>;
  readonly signal?: AbortSignal;
  /** Monotonic milliseconds, for the time limit and for pauses. Without it there is no time limit. */
  readonly monotonicMs?: () => number;
  /** Lets others have the event loop; awaited about every ten milliseconds of work. */
  readonly pause?: () => Promise<void>;
}

/** A span in steps, in milliseconds, both ends included. */
export interface RangeSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}
