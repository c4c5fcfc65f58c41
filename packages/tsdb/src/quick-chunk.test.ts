import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunk, encodeQuickChunk } from './chunk.js';
import type { Column } from './column.js';
import { allBits, anyBits, doubles, SEED } from './testing/sample-rows.js';

const START_MS = 1_767_225_600_000;

const anyTimes = fc
  .uniqueArray(
    fc.maxSafeInteger().map((time) => Math.trunc(time / 8) + 0),
    { maxLength: 60 },
  )
  .map((times) => Float64Array.from(times).sort());
const steadyTimes = fc
  .tuple(fc.nat(60), fc.integer({ min: 1, max: 60_000 }))
  .map(([count, stepMs]) => Float64Array.from({ length: count }, (_, row) => START_MS + row * stepMs));
const sixty = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 60, maxLength: 60 });
const decimal = fc
  .tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 10 }))
  .map(([whole, places]) => whole / 10 ** places);
const fewValues = fc.constantFrom(0, 0, 0, 1, 17.25, -0);
const anyValues = fc.oneof(
  sixty(anyBits).map(doubles),
  ...[decimal, fewValues].map((value) => sixty(value).map((values) => Float64Array.from(values))),
);
const anyColumn: fc.Arbitrary<Column> = fc
  .tuple(fc.oneof(anyTimes, steadyTimes), anyValues)
  .map(([timesMs, values]) => ({ timesMs, values: values.slice(0, timesMs.length) }));

const plain = ({ timesMs, values }: Column) => ({ timesMs: [...timesMs], values: allBits(values) });

describe('a quick chunk', () => {
  it('gives back any bits at any times', () => {
    fc.assert(
      fc.property(anyColumn, (column) => {
        expect(plain(decodeChunk(encodeQuickChunk(column, START_MS), START_MS))).toEqual(plain(column));
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('notices any byte that has changed, and any that is missing', () => {
    fc.assert(
      fc.property(anyColumn, fc.nat(), fc.integer({ min: 1, max: 255 }), (column, place, change) => {
        const bytes = encodeQuickChunk(column, START_MS);
        const at = place % bytes.length;
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        expect(() => decodeChunk(damaged, START_MS)).toThrow(RangeError);
        expect(() => decodeChunk(bytes.subarray(0, at), START_MS)).toThrow(RangeError);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('shares no memory with the next one', () => {
    const column = (value: number): Column => ({
      timesMs: Float64Array.of(START_MS + 1),
      values: Float64Array.of(value),
    });
    const first = encodeQuickChunk(column(1), START_MS);
    encodeQuickChunk(column(2), START_MS);
    expect(plain(decodeChunk(first, START_MS))).toEqual(plain(column(1)));
  });

  it('refuses more samples than anybody reads at once', () => {
    const column = { timesMs: new Float64Array(2 ** 25 + 1), values: new Float64Array(0) };
    expect(() => encodeQuickChunk(column, 0)).toThrow(RangeError);
  });
});
