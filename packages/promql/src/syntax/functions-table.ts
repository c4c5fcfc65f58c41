import type { ValueType } from './expression.js';

/** The signature of a function. */
export interface FunctionSignature {
  readonly name: string;
  readonly arguments: readonly ValueType[];
  /** How many of the last arguments may be left out, or added to the last; -1: the last one may be repeated or left out. 0: none. */
  readonly variadic: number;
  readonly returns: ValueType;
  /** Needs the flag for experimental functions, as in Prometheus. */
  readonly isExperimental?: true;
}

const STABLE = [
  of('abs acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad', ['vector']),
  of('sgn sin sinh sqrt tan tanh absent sort sort_desc timestamp', ['vector']),
  of('absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate', ['matrix']),
  of('last_over_time max_over_time min_over_time present_over_time rate resets', ['matrix']),
  of('stddev_over_time stdvar_over_time sum_over_time', ['matrix']),
  of('days_in_month day_of_month day_of_week day_of_year hour minute month year', ['vector'], {
    variadic: 1,
  }),
  of('clamp', ['vector', 'scalar', 'scalar']),
  of('clamp_max clamp_min', ['vector', 'scalar']),
  // These five concern native histograms only; evaluators may refuse them.
  of('histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar', ['vector']),
  of('histogram_fraction', ['scalar', 'scalar', 'vector']),
  of('histogram_quantile', ['scalar', 'vector']),
  of('label_join', ['vector', 'string', 'string', 'string'], { variadic: -1 }),
  of('label_replace', ['vector', 'string', 'string', 'string', 'string']),
  of('pi time', [], { returns: 'scalar' }),
  of('predict_linear', ['matrix', 'scalar']),
  of('quantile_over_time', ['scalar', 'matrix']),
  of('round', ['vector', 'scalar'], { variadic: 1 }),
  of('scalar', ['vector'], { returns: 'scalar' }),
  of('vector', ['scalar']),
];

const EXPERIMENTAL = [
  of('double_exponential_smoothing', ['matrix', 'scalar', 'scalar']),
  of('end range start step', [], { returns: 'scalar' }),
  of('first_over_time mad_over_time', ['matrix']),
  of('histogram_quantiles', ['vector', 'string', 'scalar', 'scalar'], { variadic: 9 }),
  of('info', ['vector', 'vector'], { variadic: 1 }),
  of('max_of min_of', ['scalar', 'scalar'], { returns: 'scalar' }),
  of('sort_by_label sort_by_label_desc', ['vector', 'string'], { variadic: -1 }),
  of('start_timestamp', ['vector']),
  of('ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time', ['matrix']),
];

const TABLE: ReadonlyMap<string, FunctionSignature> = new Map(
  [
    ...STABLE.flat(),
    ...EXPERIMENTAL.flat().map((entry) => ({ ...entry, isExperimental: true as const })),
  ].map((entry) => [entry.name, entry]),
);

function of(
  names: string,
  args: readonly ValueType[],
  { variadic = 0, returns = 'vector' }: { variadic?: number; returns?: ValueType } = {},
): FunctionSignature[] {
  return names.split(' ').map((name) => ({ name, arguments: args, variadic, returns }));
}

/**
 * The signature of a function of Prometheus 3, stable or experimental; undefined for a name that is none. Names are written in small
 * letters. Called once per function call that is parsed.
 */
export function functionSignature(name: string): FunctionSignature | undefined {
  return TABLE.get(name);
}

/** Every function, for completion in editors and for tests that go through all of them. */
export function functionSignatures(): readonly FunctionSignature[] {
  return [...TABLE.values()];
}
