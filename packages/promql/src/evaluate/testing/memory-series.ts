import { compileMatchers, type Labels, type SeriesSamples, STALENESS_MARK } from '@labkeeper/core';
import type { QueryResult } from '../../result.js';
import type { Selection } from '../../source.js';
import { parseExpression } from '../../syntax/parse-expression.js';
import { evaluateInstant, evaluateRange } from '../evaluate.js';

const STEP_MS = 10_000;

/** A value every ten seconds from 0 on; undefined for none, `stale` for the end of the series. */
export type TestValue = number | 'stale' | undefined;

export function series(name: string, labels: Labels, values: readonly TestValue[]): SeriesSamples {
  const rows = values.flatMap((value, row) =>
    value === undefined ? [] : [{ value, timeMs: row * STEP_MS }],
  );
  const column = new Float64Array(rows.length);
  rows.forEach(({ value }, row) => {
    column[row] = value === 'stale' ? STALENESS_MARK : value;
  });
  return {
    series: { name, labels },
    timesMs: Float64Array.from(rows, ({ timeMs }) => timeMs),
    values: column,
  };
}

/** As a store answers: nothing outside of the span, no series without a sample. */
export function selectFrom(
  all: readonly SeriesSamples[],
  { matchers, fromMs, toMs }: Selection,
): SeriesSamples[] {
  const matches = compileMatchers(matchers);
  return all.filter((each) => matches(each.series)).flatMap((each) => within(each, fromMs, toMs));
}

function within(
  { series: identity, timesMs, values }: SeriesSamples,
  fromMs: number,
  toMs: number,
): SeriesSamples[] {
  const from = timesMs.filter((timeMs) => timeMs < fromMs).length;
  const to = timesMs.filter((timeMs) => timeMs <= toMs).length;
  if (from >= to) return [];
  return [{ series: identity, timesMs: timesMs.subarray(from, to), values: values.subarray(from, to) }];
}

/** A text at a time, over series in memory. */
export async function instant(
  text: string,
  timeMs: number,
  all: readonly SeriesSamples[],
): Promise<QueryResult> {
  const expression = parseExpression(text, { experimentalFunctions: true });
  return await evaluateInstant(expression, timeMs, {
    select: async (selection) => selectFrom(all, selection),
  });
}

/** A text at every ten seconds up to a time, over series in memory. */
export async function range(text: string, toMs: number, all: readonly SeriesSamples[]): Promise<QueryResult> {
  const expression = parseExpression(text, { experimentalFunctions: true });
  const span = { fromMs: 0, toMs, stepMs: STEP_MS };
  return await evaluateRange(expression, span, { select: async (selection) => selectFrom(all, selection) });
}

/** Values by `name{label=value,…}`, in the order of the result. */
export function valuesOf({ value }: QueryResult): Record<string, number | number[]> {
  if (value.type === 'vector')
    return Object.fromEntries(value.values.map((each) => [nameOf(each.labels), each.value]));
  if (value.type === 'matrix')
    return Object.fromEntries(value.series.map(({ labels, values }) => [nameOf(labels), [...values]]));
  throw new Error(`a ${value.type} has no series`);
}

function nameOf({ __name__ = '', ...labels }: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return `${__name__}{${pairs.sort().join(',')}}`;
}
