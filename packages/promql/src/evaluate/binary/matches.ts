import type { VectorMatching } from '../../syntax/expression.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import { findPartners, type Partners } from './partners.js';

/** All pairs of series that may meet, and the series that they give. One-to-one counts as many-to-one here: the left is the many. */
export interface Matches {
  readonly partners: { readonly manyOf: Int32Array; readonly oneOf: Int32Array; readonly count: number };
  /** A pair is a row of each of these three. */
  readonly manyRows: readonly number[];
  readonly oneRows: readonly number[];
  readonly resultRows: readonly number[];
  readonly results: readonly SeriesIdentity[];
  /** Several pairs give the same series, which is right only while they do so at different steps. */
  readonly sharesResults: boolean;
  /** Several series of the side of one, or both in one-to-one, agree: whether that is an error depends on the step. */
  readonly needsCheck: boolean;
}

export function findMatches(
  many: readonly SeriesIdentity[],
  one: readonly SeriesIdentity[],
  matching: VectorMatching,
  keepsName: boolean,
): Matches {
  const found = findPartners(many, one, matching);
  const pairs = pairRows(found);
  const results = new ResultRows();
  const nameResult = resultNaming(matching, keepsName);
  const resultRows = pairs.manyRows.map((manyRow, at) =>
    results.rowOf(
      nameResult(many[manyRow] as SeriesIdentity, one[pairs.oneRows[at] as number] as SeriesIdentity),
    ),
  );
  const isOneToOne = matching.cardinality === 'one-to-one';
  const sharesResults = results.all.length < resultRows.length;
  return {
    partners: { manyOf: found.leftOf, oneOf: found.rightOf, count: found.count },
    ...pairs,
    resultRows,
    results: results.all,
    sharesResults,
    needsCheck:
      sharesResults ||
      hasRepeats(found.rightOf, found.count) ||
      (isOneToOne && hasRepeats(found.leftOf, found.count)),
  };
}

function pairRows({ leftOf, rightOf, count }: Partners): { manyRows: number[]; oneRows: number[] } {
  const onesOf = Array.from({ length: count }, (): number[] => []);
  rightOf.forEach((signature, row) => {
    onesOf[signature]?.push(row);
  });
  const [manyRows, oneRows]: [number[], number[]] = [[], []];
  leftOf.forEach((signature, manyRow) => {
    for (const oneRow of onesOf[signature] ?? []) {
      manyRows.push(manyRow);
      oneRows.push(oneRow);
    }
  });
  return { manyRows, oneRows };
}

function hasRepeats(signatures: Int32Array, count: number): boolean {
  const isSeen = new Uint8Array(count);
  return signatures.some((signature) => {
    if (isSeen[signature] === 1) return true;
    isSeen[signature] = 1;
    return false;
  });
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
