import { type Cardinality, METRIC_NAME_LABEL, type SampleStats } from '@labkeeper/core';
import type { Head } from './head/head.js';
import type { PackDirectory } from './packs/pack-directory.js';
import type { SeriesIndex } from './series/series-index.js';

export function statsOf(head: Head, directory: PackDirectory): SampleStats {
  let [samples, bytes] = [head.counts.samples, head.bytes];
  let [oldestMs, newestMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const pack of directory.all()) {
    bytes += pack.bytes;
    if (pack.resolutionMs > 0) continue;
    samples += pack.samples;
    oldestMs = Math.min(oldestMs, pack.oldestMs);
    newestMs = Math.max(newestMs, pack.newestMs);
  }
  for (const entry of head.index.all()) {
    const [firstMs, lastMs] = entry.span();
    if (firstMs < oldestMs) oldestMs = firstMs;
    if (lastMs > newestMs) newestMs = lastMs;
  }
  return { series: head.index.size, samples, bytes, ...(samples > 0 ? { oldestMs, newestMs } : {}) };
}

export function cardinalityOf(index: SeriesIndex, limit: number): Cardinality {
  const labels = new Map(index.labelNames().map((name) => [name, index.labelValues(name).length] as const));
  return {
    metrics: most(index.counts(METRIC_NAME_LABEL), limit).map(([name, series]) => ({ name, series })),
    labels: most(labels, limit).map(([name, values]) => ({ name, values })),
  };
}

function most(counts: ReadonlyMap<string, number>, limit: number): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}
