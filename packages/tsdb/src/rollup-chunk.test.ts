import type { RollupColumns } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRollup, encodeRollup } from './rollup-chunk.js';
import { allBits, anyBits, doubles, SEED } from './testing/sample-rows.js';

const START_MS = 1_767_225_600_000;
const STEP_MS = 300_000;

const NAMES = ['timesMs', 'count', 'min', 'max', 'sum', 'last', 'resets'] as const;
const plain = (rollup: RollupColumns) => NAMES.map((name) => [name, allBits(rollup[name])]);
const column = (values: readonly number[]) => Float64Array.from(values);

/** What one step holds but for its time. */
interface Step {
  readonly count: number;
  /** Bits of min, max, sum, last and resets. */
  readonly bits: readonly bigint[];
}

function rollupOf(steps: readonly Step[], gaps: readonly number[]): RollupColumns {
  let timeMs = START_MS;
  const side = (index: number) => doubles(steps.map(({ bits }) => bits[index] as bigint));
  return {
    timesMs: column(steps.map((_, row) => (timeMs += STEP_MS * (gaps[row] ?? 1)))),
    count: column(steps.map(({ count }) => count)),
    ...{ min: side(0), max: side(1), sum: side(2), last: side(3), resets: side(4) },
  };
}

const steps = (bits: fc.Arbitrary<bigint>) =>
  fc.array(fc.record({ count: fc.nat(3_600), bits: fc.array(bits, { minLength: 5, maxLength: 5 }) }), {
    maxLength: 40,
    size: 'max',
  });
const cents = fc
  .integer({ min: -(10 ** 9), max: 10 ** 9 })
  .map((whole) => allBits(column([whole / 100]))[0] as bigint);
const anyRollup = fc
  .tuple(
    fc.oneof(steps(anyBits), steps(cents)),
    fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }),
  )
  .map(([found, gaps]) => rollupOf(found, gaps));

describe('a chunk of a roll-up', () => {
  const backAgain = (rollup: RollupColumns): void => {
    expect(plain(decodeRollup(encodeRollup(rollup, START_MS), START_MS))).toEqual(plain(rollup));
  };

  it('gives back any bits at any times', () => {
    fc.assert(fc.property(anyRollup, backAgain), { seed: SEED, numRuns: 400 });
  });

  it('gives back sums that are far from the middle of their values', () => {
    // One large value among zeros, in decimals of nine places: the guess of the sum is beyond 2⁵³.
    const large = 1_000_000.123456789;
    const { timesMs } = rollupOf([{ count: 1, bits: [0n, 0n, 0n, 0n, 0n] }], []);
    backAgain({
      ...{ timesMs, count: column([30]), min: column([0]), max: column([large]), sum: column([large]) },
      ...{ last: column([0]), resets: column([0]) },
    });
  });

  it('notices any byte that has changed, and any that is missing', () => {
    fc.assert(
      fc.property(anyRollup, fc.nat(), fc.integer({ min: 1, max: 255 }), (rollup, place, change) => {
        const bytes = encodeRollup(rollup, START_MS);
        const at = place % bytes.length;
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        expect(() => decodeRollup(damaged, START_MS)).toThrow(RangeError);
        expect(() => decodeRollup(bytes.subarray(0, at), START_MS)).toThrow(RangeError);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});
