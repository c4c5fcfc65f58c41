import type { Matcher } from '@labkeeper/core';
import type { SqlDatabase } from '../database/sql-database.js';
import type { SampleChunks } from './sample-chunks.js';
import type { SampleHead } from './sample-head.js';
import type { SampleTables } from './sample-tables.js';
import type { SampleSealer } from './seal-samples.js';
import type { IndexedSeries } from './series-index.js';

interface RemoveParts {
  readonly database: SqlDatabase;
  readonly head: SampleHead;
  readonly chunks: SampleChunks;
  readonly tables: SampleTables;
  readonly sealer: SampleSealer;
}

/**
 * Removes the samples of every matching series between the times, a window in each transaction. Samples in the log cannot
 * be taken out of it, so what is there goes into chunks first; retention of old samples never needs that.
 */
export async function removeSamples(
  parts: RemoveParts,
  matchers: readonly Matcher[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<number> {
  const { database, head, chunks, sealer } = parts;
  const entries = head.index.matching(matchers);
  if (entries.some((entry) => entry.head.between(fromMs, toMs).timesMs.length > 0)) {
    await sealer.seal(Number.POSITIVE_INFINITY);
  }
  const ids = entries.map(({ id }) => id);
  let removed = 0;
  for (const windowNumber of ids.length > 0 ? chunks.windowsBetween(fromMs, toMs) : []) {
    removed += await database.write('relaxed', (scope) =>
      chunks.cut(scope, windowNumber, { ids, fromMs, toMs }),
    );
  }
  if (removed > 0) await removeEmptySeries(parts, entries);
  return removed;
}

async function removeEmptySeries(
  { database, head, tables }: RemoveParts,
  entries: readonly IndexedSeries[],
): Promise<void> {
  await database.write('relaxed', async ({ sql, afterCommit }) => {
    // Looked at within the turn: an append may have come in between.
    const candidates = entries.filter((entry) => entry.head.length === 0).map(({ id }) => id);
    const empty = new Set(candidates.length > 0 ? await tables.withoutChunks(sql, candidates) : []);
    if (empty.size === 0) return;
    await tables.deleteSeries(sql, [...empty]);
    afterCommit(() => head.index.remove(entries.filter(({ id }) => empty.has(id))));
  });
}
