/** How the next number of a column is guessed from those before. Numbers on disk: never change one. */
export const PREDICTORS = {
  /** It varies around a value that does not move: noise. */
  mean: 0,
  /** It moves on by as much as on average: gauges, and counters of a steady load. */
  drift: 1,
  /** It moves on by as much as just now: counters whose load changes slowly. */
  momentum: 2,
  /** It is between the two before: noise upon something that moves. */
  midway: 3,
} as const;
export type Predictor = (typeof PREDICTORS)[keyof typeof PREDICTORS];

/** A way to guess, with the whole number it needs to know beforehand. */
export interface Prediction {
  readonly predictor: Predictor;
  /** The mean for `mean`, the average step for `drift`, else 0. */
  readonly constant: number;
}

/** The guess for a row. Called once a row, by encoder and decoder alike. */
export function predict({ predictor, constant }: Prediction, whole: Float64Array, row: number): number {
  if (predictor === PREDICTORS.mean) return constant;
  if (row === 0) return 0;
  const last = whole[row - 1] as number;
  if (predictor === PREDICTORS.drift) return last + constant;
  const before = row === 1 ? last : (whole[row - 2] as number);
  return predictor === PREDICTORS.momentum ? last + (last - before) : Math.round((last + before) / 2);
}

/** The prediction whose errors have the fewest digits. */
export function bestPrediction(whole: Float64Array): Prediction {
  const candidates: readonly Prediction[] = [
    { predictor: PREDICTORS.drift, constant: averageStep(whole) },
    { predictor: PREDICTORS.momentum, constant: 0 },
    { predictor: PREDICTORS.mean, constant: meanOf(whole) },
    { predictor: PREDICTORS.midway, constant: 0 },
  ];
  let best = candidates[0] as Prediction;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const digits = digitsOfErrors(candidate, whole);
    if (digits < least) [best, least] = [candidate, digits];
  }
  return best;
}

function digitsOfErrors(prediction: Prediction, whole: Float64Array): number {
  let product = 1;
  let digits = 0;
  for (let row = 0; row < whole.length; row++) {
    product *= 1 + Math.abs((whole[row] as number) - predict(prediction, whole, row));
    // Many logarithms at once: one of a product is as good as the sum of theirs.
    if (product > 1e200) {
      digits += Math.log2(product);
      product = 1;
    }
  }
  return digits + Math.log2(product);
}

function averageStep(whole: Float64Array): number {
  const steps = whole.length - 1;
  if (steps < 1) return 0;
  return Math.round(((whole[steps] as number) - (whole[0] as number)) / steps);
}

function meanOf(whole: Float64Array): number {
  let sum = 0;
  for (const number of whole) sum += number;
  return Math.round(sum / Math.max(1, whole.length));
}
