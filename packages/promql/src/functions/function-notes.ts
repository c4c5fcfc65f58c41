/** What an evaluator must know of a function besides its result, where it differs from the rest. */
export interface FunctionNote {
  /** Its argument ought to be a counter: the name tells, see {@link looksLikeCounter}. */
  readonly expectsCounter?: true;
  /** The first argument (from 0) that is a quantile; worth a warning outside of 0..1. For histogram_quantiles, all that follow too. */
  readonly quantileArgument?: number;
  /** The result keeps the metric name. */
  readonly keepsName?: true;
  /** Gives an empty vector for these parameters, whatever the values are. */
  readonly isEmptyFor?: (parameters: readonly number[]) => boolean;
}

/** Notes by name of function; most have none. Looked up once per call in an expression. */
export const functionNotes: ReadonlyMap<string, FunctionNote> = new Map<string, FunctionNote>([
  ['rate', { expectsCounter: true }],
  ['increase', { expectsCounter: true }],
  ['quantile_over_time', { quantileArgument: 0 }],
  ['histogram_quantile', { quantileArgument: 0 }],
  ['histogram_quantiles', { quantileArgument: 2 }],
  ['first_over_time', { keepsName: true }],
  ['last_over_time', { keepsName: true }],
  ['clamp', { isEmptyFor: ([lowest, highest]) => (highest as number) < (lowest as number) }],
]);

/** False when a metric name does not end as Prometheus expects of counters; a series without a name is not suspected. Once per series. */
export function looksLikeCounter(name: string): boolean {
  return name === '' || /_(?:total|sum|count|bucket)$/.test(name);
}

/** False for what is worth a warning: NaN, below 0 or above 1. Once per step. */
export function isQuantile(q: number): boolean {
  return q >= 0 && q <= 1;
}
