import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunk, encodeChunk } from './chunk.js';
import type { Column } from './column.js';

const START_MS = 1_767_225_600_000;

/** Any 64 bits are a double. */
const anyBits = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(
    ...[0x7ff0000000000002n, 0x7ff8000000000000n, 0xfff8000000000001n, 2n ** 63n, 0n, 0x7ff0000000000000n],
  ),
);
const doubles = (bits: readonly bigint[]) => new Float64Array(BigUint64Array.from(bits).buffer);
const bitsOf = (values: Float64Array) => [...new BigUint64Array(values.slice().buffer)];
const plain = ({ timesMs, values }: Column) => ({ timesMs: [...timesMs], values: bitsOf(values) });

function regular(values: ArrayLike<number>): Column {
  const timesMs = Float64Array.from({ length: values.length }, (_, row) => START_MS + 4_000 + row * 10_000);
  return { timesMs, values: Float64Array.from(values) };
}
const rows = <Value>(count: number, make: (row: number) => Value) =>
  Array.from({ length: count }, (_, row) => make(row));
const bytesPerSample = (column: Column) => encodeChunk(column, START_MS).length / column.timesMs.length;

describe('a chunk', () => {
  const backAgain = (column: Column): void => {
    expect(plain(decodeChunk(encodeChunk(column, START_MS), START_MS))).toEqual(plain(column));
  };

  it('gives back any bits at any times', () => {
    const times = fc.uniqueArray(
      fc.maxSafeInteger().map((time) => Math.trunc(time / 4) + 0),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(times, fc.array(anyBits, { minLength: 60, maxLength: 60 }), (found, bits) => {
        const timesMs = Float64Array.from(found).sort();
        backAgain({ timesMs, values: doubles(bits.slice(0, timesMs.length)) });
      }),
    );
  });

  it('gives back decimals of any size and number of places', () => {
    const decimal = fc
      .tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 10 }))
      .map(([whole, places]) => whole / 10 ** places);
    const large = fc.constantFrom(2 ** 51, 2 ** 53, -(2 ** 53), 1e300, 0.1 + 0.2, 5e-324, -0);
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: decimal }, large), { maxLength: 80 }), (values) =>
        backAgain(regular(values)),
      ),
    );
  });

  it('gives back quotients, of which only the beginning can be guessed', () => {
    const quotient = fc.double({ min: 0.001, max: 10, noNaN: true });
    fc.assert(fc.property(fc.array(quotient, { maxLength: 80 }), (values) => backAgain(regular(values))));
    expect(bytesPerSample(regular(rows(180, (row) => Math.sqrt(row + 2))))).toBeLessThan(6.5);
  });

  it('notices any byte that has changed, and any that is missing', () => {
    const bytes = encodeChunk(regular(rows(60, (row) => Math.sin(row) * 40)), START_MS);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        expect(() => decodeChunk(damaged, START_MS)).toThrow(RangeError);
        expect(() => decodeChunk(bytes.subarray(0, at), START_MS)).toThrow(RangeError);
      }),
    );
  });

  it('refuses more samples than anybody reads at once', () => {
    const column = { timesMs: new Float64Array(2 ** 25 + 1), values: new Float64Array(0) };
    expect(() => encodeChunk(column, 0)).toThrow(RangeError);
  });
});

describe('the size of a sample', () => {
  const count = 720;
  // A small generator with a fixed seed: sizes must not differ from run to run.
  const noise = () => {
    let state = 12_345;
    return () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32;
    };
  };

  it.each([
    ['that never changes', () => rows(count, () => 17.25), 0.06],
    ['of a counter of a steady load', () => rows(count, (row) => 1e9 + row * 1_337), 0.08],
    ['of a state that changes rarely', () => rows(count, (row) => (row % 240 < 200 ? 1 : 0)), 0.12],
    ['of a percentage that moves by tenths', () => walk(0.5), 0.55],
    ['of a noisy counter', () => counter(), 1.4],
  ])('%s', (_, make, atMost) => {
    expect(bytesPerSample(regular(make()))).toBeLessThan(atMost);
  });

  function walk(step: number): number[] {
    const random = noise();
    let value = 40;
    return rows(count, () => {
      value += Math.round((random() - 0.5) * step * 10) / 10;
      return Math.round(value * 10) / 10;
    });
  }

  function counter(): number[] {
    const random = noise();
    let value = 0;
    return rows(count, () => (value += 3_000 + Math.floor(random() * 400)));
  }
});
