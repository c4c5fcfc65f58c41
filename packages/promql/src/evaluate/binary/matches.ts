import type { VectorMatching } from '../../syntax/expression.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import type { Partners } from './partners.js';

/** The pairs of series that meet, and the series that they give. One-to-one counts as many-to-one here: the left is the many. */
export interface Matches {
  /** A pair is a row of each of these three. */
  readonly manyRows: readonly number[];
  readonly oneRows: readonly number[];
  readonly resultRows: readonly number[];
  readonly results: readonly SeriesIdentity[];
  /** Several pairs give the same series, which is right only while they do so at different steps. */
  readonly sharesResults: boolean;
}

/** What pairs are made of. */
export interface MatchPlan {
  /** The many are on the left. */
  readonly partners: Partners;
  readonly matching: VectorMatching;
  /** The result has the name of the many. */
  readonly keepsName: boolean;
}

/** All pairs, where no two series of the side of one agree: then there are no more of them than there are many. */
export function findMatches(plan: MatchPlan): Matches {
  const { leftOf, rightOf, count } = plan.partners;
  const oneOf = new Int32Array(count).fill(-1);
  rightOf.forEach((signature, row) => {
    oneOf[signature] = row;
  });
  const pairs = new PairCollector(plan);
  leftOf.forEach((signature, manyRow) => {
    const oneRow = oneOf[signature] as number;
    if (oneRow >= 0) pairs.add(manyRow, oneRow);
  });
  return pairs.matches();
}

/** Takes pairs one by one, each once, and names what they give. */
export class PairCollector {
  readonly #manyRows: number[] = [];
  readonly #oneRows: number[] = [];
  readonly #resultRows: number[] = [];
  readonly #results = new ResultRows();
  readonly #nameResult: ReturnType<typeof resultNaming>;

  constructor(readonly plan: MatchPlan) {
    this.#nameResult = resultNaming(plan.matching, plan.keepsName);
  }

  get pairCount(): number {
    return this.#manyRows.length;
  }

  get resultCount(): number {
    return this.#results.all.length;
  }

  /** Gives the row of the result. */
  add(manyRow: number, oneRow: number): number {
    const { left, right } = this.plan.partners;
    const identity = this.#nameResult(left[manyRow] as SeriesIdentity, right[oneRow] as SeriesIdentity);
    const resultRow = this.#results.rowOf(identity);
    this.#manyRows.push(manyRow);
    this.#oneRows.push(oneRow);
    this.#resultRows.push(resultRow);
    return resultRow;
  }

  matches(): Matches {
    return {
      manyRows: this.#manyRows,
      oneRows: this.#oneRows,
      resultRows: this.#resultRows,
      results: this.#results.all,
      sharesResults: this.resultCount < this.pairCount,
    };
  }
}

/** Gives equal series the same row. */
class ResultRows {
  readonly all: SeriesIdentity[] = [];
  readonly #rows = new Map<string, number>();

  rowOf(identity: SeriesIdentity): number {
    let row = this.#rows.get(identity.key);
    if (row === undefined) {
      row = this.all.push(identity) - 1;
      this.#rows.set(identity.key, row);
    }
    return row;
  }
}

/** One-to-one, the result has the labels of the match; otherwise those of the many, and what is included from the one. */
function resultNaming({ cardinality, mode, labels, include }: VectorMatching, keepsName: boolean) {
  const dropped = new Set(labels);
  return (many: SeriesIdentity, one: SeriesIdentity): SeriesIdentity => {
    const named = keepsName ? many : many.withoutName();
    if (cardinality === 'one-to-one') {
      if (mode === 'on') return named.keep(labels);
      return dropped.size === 0 ? named : named.drop(dropped);
    }
    return include.length === 0 ? named : withIncluded(named, one, include);
  };
}

function withIncluded(many: SeriesIdentity, one: SeriesIdentity, include: readonly string[]): SeriesIdentity {
  const taken = Object.fromEntries(include.map((label) => [label, one.get(label)]));
  return SeriesIdentity.ofLabels({ ...many.toLabels(), ...taken });
}
