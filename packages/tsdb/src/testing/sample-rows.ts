import type { Matcher, SampleBatch, SampleStore, Series } from '@labkeeper/core';
import fc from 'fast-check';

/** Series, time, and the value or its bits. */
export type Row = readonly [series: Series, timeMs: number, value: number | bigint];

/** A seed for every property: tests must not differ from run to run. */
export const SEED = 20_260_101;

export const ALL: readonly Matcher[] = [{ label: '__name__', operator: '!=', value: '' }];

export const named = (name: string): readonly Matcher[] => [
  { label: '__name__', operator: '=', value: name },
];

/** Any 64 bits are a double. */
export const anyBits: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(...[0x7ff0000000000002n, 0x7ff8000000000000n, 0xfff8000000000001n, 2n ** 63n, 0n]),
  fc.integer({ min: -(10 ** 6), max: 10 ** 6 }).map((whole) => bitsOf(whole / 100)),
);

export function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
}

export function doubles(bits: readonly bigint[]): Float64Array<ArrayBuffer> {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

export function allBits(values: Float64Array): readonly bigint[] {
  return [...new BigUint64Array(values.slice().buffer)];
}

export function batchOf(rows: readonly Row[]): SampleBatch {
  return {
    series: rows.map(([series]) => series),
    timesMs: rows.map(([, timeMs]) => timeMs),
    values: doubles(rows.map(([, , value]) => (typeof value === 'bigint' ? value : bitsOf(value)))),
  };
}

/** Everything there is, `name{labels} time bits` each, sorted. */
export async function contentsOf(samples: SampleStore): Promise<readonly string[]> {
  const found = await samples.select(ALL, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return found
    .flatMap(({ series, timesMs, values }) => {
      const bits = allBits(values);
      return Array.from(timesMs, (timeMs, row) => lineOf(series, timeMs, bits[row] as bigint));
    })
    .sort();
}

export function lineOf({ name, labels }: Series, timeMs: number, value: number | bigint): string {
  const bits = typeof value === 'bigint' ? value : bitsOf(value);
  return `${name}${JSON.stringify(Object.entries(labels).sort())} ${timeMs} ${bits.toString(16)}`;
}
