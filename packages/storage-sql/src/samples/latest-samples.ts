import type { SeriesSamples } from '@labkeeper/core';
import type { SqlDatabase } from '../database/sql-database.js';
import type { SampleChunks } from './sample-chunks.js';
import { type Column, columnBetween } from './sample-column.js';
import type { IndexedSeries } from './series-index.js';

interface LatestParts {
  readonly database: SqlDatabase;
  readonly chunks: SampleChunks;
}

/** What is known of one series so far; `column` holds at most one sample. */
interface Candidate {
  readonly entry: IndexedSeries;
  column: Column;
}

/**
 * The last sample of each series that is not older than `sinceMs`. Nearly always it is in memory. Chunks are only read, the
 * newest first, for series that have nothing there, or of which a chunk may hold something newer.
 */
export async function latestSamples(
  { database, chunks }: LatestParts,
  entries: readonly IndexedSeries[],
  sinceMs: number,
): Promise<readonly SeriesSamples[]> {
  const candidates: Candidate[] = entries.map((entry) => ({ entry, column: lastOfHead(entry) }));
  for (const windowNumber of chunks.windowsBetween(sinceMs, Number.POSITIVE_INFINITY).toReversed()) {
    // A series whose last known sample lies in a later window cannot have a newer one here.
    const open = candidates.filter(
      ({ column }) => !((column.timesMs[0] ?? -Infinity) >= chunks.startOf(windowNumber + 1)),
    );
    if (open.length === 0) continue;
    const ids = open.map(({ entry }) => entry.id);
    const stored = await database.read((sql) => chunks.read(sql, [windowNumber], ids));
    for (const candidate of open) {
      const [column] = stored.get(candidate.entry.id) ?? [];
      if (column) candidate.column = laterOf(candidate.column, column);
    }
  }
  return candidates
    .filter(({ column }) => (column.timesMs[0] ?? -Infinity) >= sinceMs)
    .map(({ entry, column }) => ({ series: entry.series, ...column }));
}

function lastOfHead({ head }: IndexedSeries): Column {
  return head.between(head.lastMs ?? 0, Number.POSITIVE_INFINITY);
}

function laterOf(known: Column, chunk: Column): Column {
  const lastMs = chunk.timesMs.at(-1) as number;
  // With equal times the head wins: it was written later.
  if ((known.timesMs[0] ?? -Infinity) >= lastMs) return known;
  const last = columnBetween(chunk, lastMs, lastMs);
  return { timesMs: last.timesMs.slice(), values: last.values.slice() };
}
