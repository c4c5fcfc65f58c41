import { METRIC_NAME_LABEL, type Series, type SeriesSamples, seriesKey } from '@labkeeper/core';
import type { ExportedSpan, SampleSource } from './sample-ports.js';
import { groupsOf, labelNamesOf, matchersOf, type SeriesGroup } from './series-groups.js';

/** How much of the store is in memory at once. */
export interface Stride {
  readonly series: number;
  readonly spanMs: number;
}

/** With a sample every ten seconds these are 13 million samples, 200 MB; a usual store has one every 30 seconds or a minute. */
export const STRIDE: Stride = { series: 50, spanMs: 31 * 86_400_000 };

/**
 * Reads the samples so that metrics come in the order of their names and everything of one series comes in a row, by
 * time, in one or more pieces. A series that comes up while this runs is left out.
 */
export async function* walkSeries(
  source: SampleSource,
  span: ExportedSpan,
  stride: Stride = STRIDE,
): AsyncGenerator<SeriesSamples> {
  for (const [name, series] of await seriesByName(source, span)) {
    const matchers = [...span.matchers, { label: METRIC_NAME_LABEL, operator: '=' as const, value: name }];
    const labelNames = labelNamesOf(series);
    for (const group of groupsOf({ series, matchers }, stride.series)) {
      yield* walkGroup({ source, span, stride, labelNames }, group);
    }
  }
}

async function seriesByName(
  source: SampleSource,
  { matchers }: ExportedSpan,
): Promise<readonly (readonly [string, readonly Series[]])[]> {
  const found = await source.series(matchers);
  const keyed = found.map((series) => ({ series, key: seriesKey(series.name, series.labels) }));
  keyed.sort((a, b) => order(a.key, b.key));
  const byName = new Map<string, Series[]>();
  for (const { series } of keyed) {
    const alike = byName.get(series.name);
    if (alike) alike.push(series);
    else byName.set(series.name, [series]);
  }
  return [...byName].sort(([a], [b]) => order(a, b));
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

interface Walk {
  readonly source: SampleSource;
  readonly span: ExportedSpan;
  readonly stride: Stride;
  readonly labelNames: ReadonlySet<string>;
}

/**
 * The first piece of time is read for the whole group, which is all there is in most stores. What comes later would
 * stand between the series, or all of it would have to be kept: it is read series by series, in longer pieces.
 */
async function* walkGroup(walk: Walk, group: SeriesGroup): AsyncGenerator<SeriesSamples> {
  const { source, span, stride } = walk;
  let { fromMs } = span;
  let first: ReadonlyMap<string, SeriesSamples> = new Map();
  while (first.size === 0 && fromMs <= span.toMs) {
    const toMs = Math.min(span.toMs, fromMs + stride.spanMs - 1);
    first = byKey(await source.select(group.matchers, fromMs, toMs));
    fromMs = toMs + 1;
  }
  if (first.size === 0) return;
  for (const series of group.series) {
    const found = first.get(seriesKey(series.name, series.labels));
    if (found) yield found;
    yield* walkOne(walk, series, fromMs);
  }
}

async function* walkOne(walk: Walk, series: Series, startMs: number): AsyncGenerator<SeriesSamples> {
  const { source, span, stride, labelNames } = walk;
  const matchers = matchersOf(series, labelNames);
  const key = seriesKey(series.name, series.labels);
  for (let fromMs = startMs; fromMs <= span.toMs; ) {
    const toMs = Math.min(span.toMs, fromMs + stride.spanMs * stride.series - 1);
    const found = byKey(await source.select(matchers, fromMs, toMs)).get(key);
    if (found) yield found;
    fromMs = toMs + 1;
  }
}

function byKey(found: readonly SeriesSamples[]): Map<string, SeriesSamples> {
  return new Map(found.map((samples) => [seriesKey(samples.series.name, samples.series.labels), samples]));
}
