import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_LABELS } from '../blocks/series-identity.js';
import { vectorBlock } from '../blocks/values.js';
import { pickLargest, pickSmallest } from './picks.js';

const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.NaN)), {
  maxLength: 150,
});

describe('picking the best', () => {
  it('gives what sorting everything would give, of few as of many', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 150 }), (column, limit) => {
        const block = vectorBlock(
          column.map(() => NO_LABELS),
          1,
          Float64Array.from(column),
        );
        const rows = column.map((_, row) => row);
        expect(pickLargest(rows, block, 0, limit)).toEqual(sorted(column, -1).slice(0, limit));
        expect(pickSmallest(rows, block, 0, limit)).toEqual(sorted(column, 1).slice(0, limit));
      }),
    );
  });
});

/** Rows by value, NaN last; sorting is stable. */
function sorted(column: readonly number[], direction: number): number[] {
  const rank = (row: number) => {
    const value = column[row] as number;
    return Number.isNaN(value) ? 100 : direction * value;
  };
  return column.map((_, row) => row).sort((left, right) => rank(left) - rank(right));
}
