import assert from 'node:assert/strict';
import type { Matcher, SampleBatch, SampleStore, Series, SeriesSamples } from '@labkeeper/core';

/** A sample in a test: its value as a number, or as the 64 bits of one where the bits matter. */
export type TestRow = readonly [series: Series, timeMs: number, value: number | bigint];

/** Samples of one series as plain lists; values as bits, because NaN with another payload is another value. */
export interface PlainSamples {
  readonly timesMs: readonly number[];
  readonly bits: readonly bigint[];
}

/** Prometheus marks the end of a series by a NaN with this payload. */
export const STALENESS_BITS = 0x7ff0000000000002n;

export function batchOf(rows: readonly TestRow[]): SampleBatch {
  return {
    series: rows.map(([series]) => series),
    timesMs: Float64Array.from(rows, ([, timeMs]) => timeMs),
    values: new Float64Array(BigUint64Array.from(rows, ([, , value]) => bitsOf(value)).buffer),
  };
}

export function bitsOf(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : (new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint);
}

export function plain({ timesMs, values }: SeriesSamples): PlainSamples {
  // A copy as bytes: the columns may be views into something larger, and numbers would lose the payload.
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  return { timesMs: [...timesMs], bits: [...new BigUint64Array(bytes.buffer)] };
}

/** Found samples by the label `instance`. */
export function byInstance(found: readonly SeriesSamples[]): Readonly<Record<string, PlainSamples>> {
  return Object.fromEntries(found.map((one) => [one.series.labels.instance ?? '', plain(one)]));
}

export function is(label: string, value: string): Matcher {
  return { label, operator: '=', value };
}

/** The samples of the only series that matches. */
export async function selectOne(
  samples: SampleStore,
  matcher: Matcher,
  span = ALL_TIME,
): Promise<PlainSamples> {
  const found = await samples.select([matcher], span[0], span[1]);
  assert.ok(found.length <= 1, `one series matches ${matcher.label}=${matcher.value}`);
  return found[0] ? plain(found[0]) : { timesMs: [], bits: [] };
}

export const ALL_TIME = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

/** Expected samples from pairs of time and value. */
export function samplesOf(
  ...pairs: readonly (readonly [timeMs: number, value: number | bigint])[]
): PlainSamples {
  return { timesMs: pairs.map(([timeMs]) => timeMs), bits: pairs.map(([, value]) => bitsOf(value)) };
}

/** Names of series with their labels, for comparing sets of series. */
export function seriesTexts(series: readonly Series[]): string[] {
  return series.map(({ name, labels }) => `${name}${JSON.stringify(Object.entries(labels).sort())}`).sort();
}
