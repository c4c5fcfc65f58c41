import type { VectorMatching } from '../../syntax/expression.js';
import { type SeriesIdentity, signatureOf, signatureWithout } from '../blocks/series-identity.js';

/** Which series of two sides agree in the labels by which they find each other: those with the same signature, a number. */
export interface Partners {
  readonly left: readonly SeriesIdentity[];
  readonly right: readonly SeriesIdentity[];
  /** Of each series on the left. */
  readonly leftOf: Int32Array;
  readonly rightOf: Int32Array;
  /** How many signatures there are. */
  readonly count: number;
  /** Several series on the left, or on the right, agree. */
  readonly leftRepeats: boolean;
  readonly rightRepeats: boolean;
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
  const count = numbers.size;
  const [leftRepeats, rightRepeats] = [hasRepeats(leftOf, count), hasRepeats(rightOf, count)];
  return { left, right, leftOf, rightOf, count, leftRepeats, rightRepeats };

  function numberOf(series: SeriesIdentity): number {
    const signature = mode === 'on' ? signatureOf(series, labels) : signatureWithout(series, dropped);
    const known = numbers.get(signature);
    if (known !== undefined) return known;
    numbers.set(signature, numbers.size);
    return numbers.size - 1;
  }
}

function hasRepeats(signatures: Int32Array, count: number): boolean {
  const isSeen = new Uint8Array(count);
  return signatures.some((signature) => {
    if (isSeen[signature] === 1) return true;
    isSeen[signature] = 1;
    return false;
  });
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
