import type { BinaryExpression, VectorMatching } from '../../syntax/expression.js';
import { sameLabels } from '../blocks/merge-series.js';
import { type VectorBlock, vectorBlock } from '../blocks/values.js';
import { withoutEmptySeries } from '../blocks/without-empty-series.js';
import type { Operation, Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import { type BinaryPlan, computeNumber, keepsName } from './compile-binary.js';
import type { Matches } from './matches.js';
import { meetings } from './meet.js';
import { type Comparison, comparisonOf } from './operators.js';
import { findPartners, rememberPair } from './partners.js';

/** Arithmetic and comparison between two vectors. Who is whose partner is found once; values are computed pair by pair. */
export function vectorWithVector({ binary, leftSlot, rightSlot, scope }: BinaryPlan): Operation {
  const matching = binary.matching as VectorMatching;
  const isManyRight = matching.cardinality === 'one-to-many';
  const partnersOf = rememberPair((many: VectorBlock['series'], one: VectorBlock['series']) =>
    findPartners(many, one, matching),
  );
  const meet = meetings(matching, keepsName(binary));
  const compute = pairComputation(binary, isManyRight);
  return {
    scope,
    evaluate(run) {
      const [right, left] = [run.takeVector(rightSlot), run.takeVector(leftSlot)];
      const [many, one] = isManyRight ? [right, left] : [left, right];
      const partners = partnersOf(many.series, one.series);
      return meet({ many, one, partners, matching }, run, (matches) =>
        computePairs({ many, one, matches }, compute, run),
      );
    },
  };
}

interface Sides {
  readonly many: VectorBlock;
  readonly one: VectorBlock;
  readonly matches: Matches;
}

/** How the values of a pair become one; undefined for none. */
interface PairComputation {
  readonly compute: (many: number, one: number) => number;
  readonly isKept: Comparison | undefined;
}

function pairComputation(binary: BinaryExpression, isManyRight: boolean): PairComputation {
  const compare = comparisonOf(binary.operator);
  const isFilter = keepsName(binary);
  const number = isFilter ? (left: number) => left : computeNumber(binary);
  return {
    compute: isManyRight ? (many, one) => number(one, many) : number,
    isKept: !isFilter ? undefined : isManyRight ? (many, one) => (compare as Comparison)(one, many) : compare,
  };
}

function computePairs(sides: Sides, pair: PairComputation, run: Run): Outcome {
  const { many, one, matches } = sides;
  const { steps } = many;
  const values = run.reserve(matches.results.length * steps);
  // Where everybody is there and everything passes, there is nothing to remember.
  const isWhole = !many.present && !one.present && !pair.isKept && !matches.sharesResults;
  const present = isWhole ? undefined : new Uint8Array(values.length);
  const visitPair = (at: number) => {
    computePair(sides, at, pair, { values, present });
    return steps;
  };
  return inTurns(matches.manyRows.length, visitPair, () =>
    withoutEmptySeries(vectorBlock(matches.results, steps, values, present)),
  );
}

interface ResultColumns {
  readonly values: Float64Array;
  readonly present: Uint8Array | undefined;
}

function computePair(
  { many, one, matches }: Sides,
  at: number,
  { compute, isKept }: PairComputation,
  { values, present }: ResultColumns,
): void {
  const { steps } = many;
  const manyFrom = (matches.manyRows[at] as number) * steps;
  const oneFrom = (matches.oneRows[at] as number) * steps;
  const to = (matches.resultRows[at] as number) * steps;
  for (let step = 0; step < steps; step++) {
    if (many.present && many.present[manyFrom + step] === 0) continue;
    if (one.present && one.present[oneFrom + step] === 0) continue;
    const [manyValue, oneValue] = [
      many.values[manyFrom + step] as number,
      one.values[oneFrom + step] as number,
    ];
    if (isKept && !isKept(manyValue, oneValue)) continue;
    if (present?.[to + step] === 1) throw sameLabels();
    values[to + step] = compute(manyValue, oneValue);
    if (present) present[to + step] = 1;
  }
}
