import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLogBatch, decodeLogBatches, encodeLogBatch } from './log-codec.js';
import type { Column } from './sample-column.js';
import { sortBySeries } from './sort-by-series.js';

/** Any 64 bits are a double. */
const bits = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(
    0x7ff0000000000002n,
    0x7ff8000000000000n,
    0xfff8000000000001n,
    2n ** 63n,
    0n,
    0x7ff0000000000000n,
  ),
);
const time = fc.oneof(
  fc.integer({ min: 1_767_225_600_000, max: 1_767_229_200_000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0, -1),
);

const doubles = (values: readonly bigint[]) => new Float64Array(BigUint64Array.from(values).buffer);
const bitsOf = (values: Float64Array) => [...new BigUint64Array(values.slice().buffer)];
const plain = ({ timesMs, values }: Column) => ({ timesMs: [...timesMs], values: bitsOf(values) });

describe('a flush as bytes', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), time, bits);

  it('comes back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const batch = {
          seriesIds: Int32Array.from(rows, ([id]) => id),
          timesMs: Float64Array.from(rows, ([, timeMs]) => timeMs),
          values: doubles(rows.map(([, , value]) => value)),
        };
        const read = decodeLogBatch(encodeLogBatch(batch));
        expect([...read.seriesIds]).toEqual([...batch.seriesIds]);
        expect(plain(read)).toEqual(plain(batch));
      }),
    );
  });

  it('takes no more than eleven bytes a sample in the usual case', () => {
    const rows = Array.from({ length: 400 }, (_, index) => index);
    const bytes = encodeLogBatch({
      seriesIds: Int32Array.from(rows, (index) => 7_000 + index),
      timesMs: Float64Array.from(rows, (index) => 1_767_225_600_000 + Math.floor(index / 8) * 3),
      values: Float64Array.from(rows, Math.random),
    });
    expect(bytes.length).toBeLessThanOrEqual(400 * 11);
  });

  it('is refused when it is cut or of an unknown form', () => {
    const bytes = encodeLogBatch({
      seriesIds: Int32Array.of(1, 2),
      timesMs: Float64Array.of(1, 2),
      values: Float64Array.of(1, 2),
    });
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeLogBatch(bytes.subarray(0, length))).toThrow(RangeError);
    expect(() => decodeLogBatch(Buffer.of(9, 0))).toThrow('unknown form 9');
  });
});

describe('many flushes', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 5 }), time, bits);
  const batchOf = (rows: readonly (readonly [number, number, bigint])[]) => ({
    seriesIds: Int32Array.from(rows, ([id]) => id),
    timesMs: Float64Array.from(rows, ([, timeMs]) => timeMs),
    values: doubles(rows.map(([, , value]) => value)),
  });

  it('are read one behind the other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 8 }), { maxLength: 6 }), (flushes) => {
        const read = decodeLogBatches(flushes.map((rows) => encodeLogBatch(batchOf(rows))));
        const expected = batchOf(flushes.flat());
        expect([...read.seriesIds]).toEqual([...expected.seriesIds]);
        expect(plain(read)).toEqual(plain(expected));
      }),
    );
  });

  it('come out by series, each in the order of its rows', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const found: unknown[] = [];
        sortBySeries(batchOf(rows), (id, timesMs, words) => {
          const values = bitsOf(new Float64Array(words.slice().buffer));
          found.push(...Array.from(timesMs, (timeMs, index) => [id, timeMs, values[index]]));
        });
        expect(found).toEqual([0, 1, 2, 3, 4, 5].flatMap((id) => rows.filter(([one]) => one === id)));
      }),
    );
  });
});
