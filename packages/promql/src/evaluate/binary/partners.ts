import type { VectorMatching } from '../../syntax/expression.js';
import { type SeriesIdentity, signatureOf, signatureWithout } from '../blocks/series-identity.js';

/** Which series of two sides agree in the labels by which they find each other: those with the same signature, a number. */
export interface Partners {
  /** Of each series on the left. */
  readonly leftOf: Int32Array;
  readonly rightOf: Int32Array;
  /** How many signatures there are. */
  readonly count: number;
}

/** Done once for two sets of series, not once for a step. */
export function findPartners(
  left: readonly SeriesIdentity[],
  right: readonly SeriesIdentity[],
  { mode, labels }: VectorMatching,
): Partners {
  const dropped = new Set(labels);
  const numbers = new Map<string, number>();
  const [leftOf, rightOf] = [Int32Array.from(left, numberOf), Int32Array.from(right, numberOf)];
  return { leftOf, rightOf, count: numbers.size };

  function numberOf(series: SeriesIdentity): number {
    const signature = mode === 'on' ? signatureOf(series, labels) : signatureWithout(series, dropped);
    const known = numbers.get(signature);
    if (known !== undefined) return known;
    numbers.set(signature, numbers.size);
    return numbers.size - 1;
  }
}

/** Remembers the last result by the two arrays that it was made of. */
export function rememberPair<Left extends object, Right extends object, Result>(
  compute: (left: Left, right: Right) => Result,
): (left: Left, right: Right) => Result {
  let last: { readonly left: Left; readonly right: Right; readonly result: Result } | undefined;
  return (left, right) => {
    if (!last || last.left !== left || last.right !== right)
      last = { left, right, result: compute(left, right) };
    return last.result;
  };
}
