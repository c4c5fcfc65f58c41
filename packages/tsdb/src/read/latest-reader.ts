import type { SeriesSamples } from '@labkeeper/core';
import { type Column, columnBetween, mergeAll, NO_SAMPLES } from '../column.js';
import { dayOf } from '../compact/day.js';
import type { HeadSeries } from '../head/head-series.js';
import type { PackInfo } from '../packs/chunk-store.js';
import type { PackDirectory } from '../packs/pack-directory.js';
import { onPresentPacks } from './pack-reader.js';
import type { SampleReader } from './sample-reader.js';

/** What is known of one series so far; `column` holds at most one sample. */
interface Candidate {
  readonly entry: HeadSeries;
  column: Column;
}

/**
 * The last sample of each series that is not older than `sinceMs`. Nearly always it is in the head. Packs are only read, the newest
 * first, for series that have nothing there, or of which a pack may hold something newer.
 */
export function latestSamples(
  reader: SampleReader,
  directory: PackDirectory,
  entries: readonly HeadSeries[],
  sinceMs: number,
): Promise<readonly SeriesSamples[]> {
  return onPresentPacks(() => latestOf(reader, directory, entries, sinceMs));
}

async function latestOf(
  reader: SampleReader,
  directory: PackDirectory,
  entries: readonly HeadSeries[],
  sinceMs: number,
): Promise<readonly SeriesSamples[]> {
  const candidates: Candidate[] = entries.map((entry) => ({ entry, column: lastOfHead(entry) }));
  for (const packs of newestFirst(directory.between(0, sinceMs, Number.POSITIVE_INFINITY))) {
    const newestMs = Math.max(...packs.map((pack) => pack.newestMs));
    const open = candidates.filter(({ column }) => (column.timesMs[0] ?? -Infinity) <= newestMs);
    if (open.length === 0) continue;
    const stored = await reader.inPacks(
      packs,
      open.map(({ entry }) => entry),
    );
    for (const candidate of open)
      candidate.column = laterOf(candidate.column, mergeAll(stored.get(candidate.entry.id) ?? []));
  }
  return candidates
    .filter(({ column }) => (column.timesMs[0] ?? -Infinity) >= sinceMs)
    .map(({ entry, column }) => ({ series: entry.series, ...column }));
}

/** Packs of one day together, for they may overlap; the newest day first. */
function newestFirst(packs: readonly PackInfo[]): readonly PackInfo[][] {
  const days = new Map<number, PackInfo[]>();
  for (const pack of packs) days.set(dayOf(pack), [...(days.get(dayOf(pack)) ?? []), pack]);
  return [...days].sort(([a], [b]) => b - a).map(([, found]) => found);
}

function lastOfHead(entry: HeadSeries): Column {
  const [, lastMs] = entry.span();
  return Number.isNaN(lastMs) ? NO_SAMPLES : entry.between(lastMs, lastMs);
}

function laterOf(known: Column, stored: Column): Column {
  const lastMs = stored.timesMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  // With equal times the one in a pack was first.
  if ((known.timesMs[0] ?? Number.NEGATIVE_INFINITY) > lastMs) return known;
  const last = columnBetween(stored, lastMs, lastMs);
  return { timesMs: last.timesMs.slice(), values: last.values.slice() };
}
