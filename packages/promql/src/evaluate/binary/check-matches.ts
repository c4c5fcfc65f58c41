import { PromqlError } from '../../promql-error.js';
import type { VectorMatching } from '../../syntax/expression.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import type { VectorBlock } from '../blocks/values.js';
import type { Matches } from './matches.js';

/**
 * Refuses operands that do not match clearly, step by step, as Prometheus does. Series that agree are fine as long as they are not
 * there at the same time; so this asks of steps, and only where several series agree.
 * Throws PromqlError in Prometheus' words.
 */
export function checkMatches(
  many: VectorBlock,
  one: VectorBlock,
  matches: Matches,
  matching: VectorMatching,
): void {
  if (!matches.needsCheck) return;
  const check = new MatchCheck(many, one, matches, matching);
  for (let step = 0; step < many.steps; step++) check.checkStep(step);
}

class MatchCheck {
  /** By signature: the row of the one that is there, counted from 1; 0 for none. */
  readonly #oneAt: Int32Array;
  /** By signature: how many of the many have met their one. */
  readonly #metBy: Int32Array;
  /** By row of the result: the signature of the pair that gave it, counted from 1. */
  readonly #givenBy: Int32Array;

  constructor(
    readonly many: VectorBlock,
    readonly one: VectorBlock,
    readonly matches: Matches,
    readonly matching: VectorMatching,
  ) {
    this.#oneAt = new Int32Array(matches.partners.count);
    this.#metBy = new Int32Array(matches.partners.count);
    this.#givenBy = new Int32Array(matches.results.length);
  }

  checkStep(step: number): void {
    if (!hasAny(this.many, step)) return;
    this.#placeOnes(step);
    if (this.matching.cardinality === 'one-to-one') this.#checkSingle(step);
    if (this.matches.sharesResults) this.#checkResults(step);
  }

  #placeOnes(step: number): void {
    this.#oneAt.fill(0);
    this.matches.partners.oneOf.forEach((signature, row) => {
      if (!isPresent(this.one, row, step)) return;
      const before = this.#oneAt[signature] as number;
      if (before > 0) throw this.#manyToMany(row, before - 1);
      this.#oneAt[signature] = row + 1;
    });
  }

  #checkSingle(step: number): void {
    this.#metBy.fill(0);
    this.matches.partners.manyOf.forEach((signature, row) => {
      if (this.#oneAt[signature] === 0 || !isPresent(this.many, row, step)) return;
      this.#metBy[signature] = (this.#metBy[signature] as number) + 1;
      if ((this.#metBy[signature] as number) > 1)
        throw failed(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
    });
  }

  #checkResults(step: number): void {
    const { manyRows, oneRows, resultRows, partners } = this.matches;
    this.#givenBy.fill(0);
    for (let at = 0; at < manyRows.length; at++) {
      const [manyRow, oneRow, resultRow] = [
        manyRows[at] as number,
        oneRows[at] as number,
        resultRows[at] as number,
      ];
      if (!isPresent(this.many, manyRow, step) || !isPresent(this.one, oneRow, step)) continue;
      const signature = (partners.manyOf[manyRow] as number) + 1;
      if (this.#givenBy[resultRow] === signature)
        throw failed('multiple matches for labels: grouping labels must ensure unique matches');
      this.#givenBy[resultRow] = signature;
    }
  }

  #manyToMany(row: number, before: number): PromqlError {
    const [second, first] = [
      this.one.series[row] as SeriesIdentity,
      this.one.series[before] as SeriesIdentity,
    ];
    const side = this.matching.cardinality === 'one-to-many' ? 'left' : 'right';
    return failed(
      `found duplicate series for the match group ${describeMatch(second, this.matching)} on the ${side} hand-side of the operation: [${second}, ${first}];many-to-many matching not allowed: matching labels must be unique on one side`,
    );
  }
}

function describeMatch(identity: SeriesIdentity, { mode, labels }: VectorMatching): string {
  return String(mode === 'on' ? identity.keep(labels) : identity.withoutName().drop(new Set(labels)));
}

function hasAny(block: VectorBlock, step: number): boolean {
  return block.series.some((_, row) => isPresent(block, row, step));
}

function isPresent({ present, steps }: VectorBlock, row: number, step: number): boolean {
  return !present || present[row * steps + step] === 1;
}

function failed(message: string): PromqlError {
  return new PromqlError('execution', message);
}
