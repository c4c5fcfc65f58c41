import type { VectorMatching } from '../../syntax/expression.js';
import { rememberLast } from '../blocks/merge-series.js';
import type { Run } from '../run.js';
import { inTurns, type Outcome } from '../turns.js';
import { MatchCheck, type MatchSides } from './check-matches.js';
import { findMatches, type Matches, PairCollector } from './matches.js';
import type { Partners } from './partners.js';

/** What a pair holds while it is looked up by its rows, in samples of 16 bytes. */
const SAMPLES_PER_PAIR = 4;

/** Finds out who meets whom, refuses what does not match clearly, and goes on with the pairs. */
export type Meet = (sides: MatchSides, run: Run, proceed: (matches: Matches) => Outcome) => Outcome;

/** One for each operation: pairs that do not depend on the steps are found once for the same series. */
export function meetings(matching: VectorMatching, keepsName: boolean): Meet {
  const matchesOf = rememberLast((partners: Partners) => findMatches({ partners, matching, keepsName }));
  return (sides, run, proceed) => {
    if (sides.partners.rightRepeats) return meetStepByStep(sides, keepsName, run, proceed);
    return checkAll(sides, matchesOf(sides.partners), proceed);
  };
}

function checkAll(sides: MatchSides, matches: Matches, proceed: Parameters<Meet>[2]): Outcome {
  const { many, partners, matching } = sides;
  const mayMeetTwice = matching.cardinality === 'one-to-one' && partners.leftRepeats;
  if (!matches.sharesResults && !mayMeetTwice) return proceed(matches);
  const check = new MatchCheck(sides, matches.sharesResults ? resultOfMany(matches, many) : undefined);
  return inTurns(
    many.steps,
    (step) => check.checkStep(step),
    () => proceed(matches),
  );
}

function resultOfMany(
  { manyRows, resultRows }: Matches,
  { series }: MatchSides['many'],
): (manyRow: number) => number {
  const results = new Int32Array(series.length);
  manyRows.forEach((manyRow, at) => {
    results[manyRow] = resultRows[at] as number;
  });
  return (manyRow) => results[manyRow] as number;
}

/** Where several of the side of one agree, only pairs that do meet are made: all that might would be as many as the product of both sides. */
function meetStepByStep(
  sides: MatchSides,
  keepsName: boolean,
  run: Run,
  proceed: Parameters<Meet>[2],
): Outcome {
  const { many, partners, matching } = sides;
  const pairs = new PairCollector({ partners, matching, keepsName });
  const resultOf = rememberResults(pairs, sides, run);
  const check = new MatchCheck(sides, resultOf);
  const finish = () => {
    run.hold(pairs.pairCount * SAMPLES_PER_PAIR);
    return proceed(pairs.matches());
  };
  return inTurns(many.steps, (step) => check.checkStep(step), finish);
}

function rememberResults(pairs: PairCollector, { many, one }: MatchSides, run: Run) {
  const known = new Map<number, number>();
  return (manyRow: number, oneRow: number): number => {
    const pair = manyRow * one.series.length + oneRow;
    let resultRow = known.get(pair);
    if (resultRow === undefined) {
      known.set(pair, (resultRow = pairs.add(manyRow, oneRow)));
      run.checkRoom(pairs.pairCount * SAMPLES_PER_PAIR + pairs.resultCount * many.steps);
    }
    return resultRow;
  };
}
