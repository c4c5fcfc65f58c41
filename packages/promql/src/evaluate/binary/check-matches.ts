import { PromqlError } from '../../promql-error.js';
import type { VectorMatching } from '../../syntax/expression.js';
import type { SeriesIdentity } from '../blocks/series-identity.js';
import type { VectorBlock } from '../blocks/values.js';
import type { Partners } from './partners.js';

export interface MatchSides {
  readonly many: VectorBlock;
  readonly one: VectorBlock;
  /** The many are on the left. */
  readonly partners: Partners;
  readonly matching: VectorMatching;
}

/**
 * Refuses operands that do not match clearly, step by step, as Prometheus does. Series that agree are fine as long as they are not
 * there at the same time; so this asks of steps, and only where several series agree.
 */
export class MatchCheck {
  /** By signature: the row of the one that is there, counted from 1; 0 for none. */
  readonly #oneAt: Int32Array;
  /** By signature: how many of the many have met their one. */
  readonly #metBy: Int32Array;
  /** By row of the result: the signature of the pair that gave it at the step, counted from 1. */
  readonly #givenBy: number[] = [];

  /** `resultOf` gives the row of the result of a pair that meets. Undefined: no two pairs give the same. */
  constructor(
    readonly sides: MatchSides,
    readonly resultOf?: (manyRow: number, oneRow: number) => number,
  ) {
    this.#oneAt = new Int32Array(sides.partners.count);
    this.#metBy = new Int32Array(sides.partners.count);
  }

  /** Gives how many samples it looked at. Throws PromqlError in Prometheus' words. */
  checkStep(step: number): number {
    const { many, one, matching } = this.sides;
    if (hasAny(many, step)) {
      this.#placeOnes(step);
      if (matching.cardinality === 'one-to-one') this.#checkSingle(step);
      if (this.resultOf) this.#checkResults(step, this.resultOf);
    }
    return many.series.length + one.series.length + 1;
  }

  #placeOnes(step: number): void {
    const { one, partners } = this.sides;
    this.#oneAt.fill(0);
    partners.rightOf.forEach((signature, row) => {
      if (!isPresent(one, row, step)) return;
      const before = this.#oneAt[signature] as number;
      if (before > 0) throw this.#manyToMany(row, before - 1);
      this.#oneAt[signature] = row + 1;
    });
  }

  #checkSingle(step: number): void {
    const { many, partners } = this.sides;
    this.#metBy.fill(0);
    partners.leftOf.forEach((signature, row) => {
      if (this.#oneAt[signature] === 0 || !isPresent(many, row, step)) return;
      this.#metBy[signature] = (this.#metBy[signature] as number) + 1;
      if ((this.#metBy[signature] as number) > 1)
        throw failed(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
    });
  }

  #checkResults(step: number, resultOf: (manyRow: number, oneRow: number) => number): void {
    const { many, partners } = this.sides;
    this.#givenBy.fill(0);
    partners.leftOf.forEach((signature, manyRow) => {
      const oneRow = (this.#oneAt[signature] as number) - 1;
      if (oneRow < 0 || !isPresent(many, manyRow, step)) return;
      const resultRow = resultOf(manyRow, oneRow);
      if (this.#givenBy[resultRow] === signature + 1)
        throw failed('multiple matches for labels: grouping labels must ensure unique matches');
      this.#givenBy[resultRow] = signature + 1;
    });
  }

  #manyToMany(row: number, before: number): PromqlError {
    const { one, matching } = this.sides;
    const [second, first] = [one.series[row] as SeriesIdentity, one.series[before] as SeriesIdentity];
    const side = matching.cardinality === 'one-to-many' ? 'left' : 'right';
    return failed(
      `found duplicate series for the match group ${describeMatch(second, matching)} on the ${side} hand-side of the operation: [${second}, ${first}];many-to-many matching not allowed: matching labels must be unique on one side`,
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
