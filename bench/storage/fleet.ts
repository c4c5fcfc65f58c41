import type { SampleBatch, Series } from '@labkeeper/core';

/** Each check brings so many samples: what plugin-http and the engine report of one probe. */
export const SAMPLES_PER_CHECK = 8;
/** How often each check runs. */
const INTERVAL_MS = 20_000;
/** How often ingest writes. */
export const FLUSH_MS = 1_000;

/** Checks that run evenly spread over their interval, and the flushes they make. */
export interface Fleet {
  readonly series: readonly Series[];
  readonly samplesPerFlush: number;
  /** The flush at a time: the next part of the checks, eight samples of each. Three of eight values never change. */
  flush(atMs: number): SampleBatch;
}

/** The beginning of a half-hour, so that every run of the bench meets the same windows. */
export const START_MS = Math.floor(1_767_225_600_000 / 1_800_000) * 1_800_000;

export function createFleet(checks: number): Fleet {
  const series = Array.from({ length: checks * SAMPLES_PER_CHECK }, (_, index): Series => {
    const check = Math.floor(index / SAMPLES_PER_CHECK);
    return {
      name: `probe_metric_${index % SAMPLES_PER_CHECK}`,
      labels: { job: 'http', instance: `host${check}`, check: `check${check}` },
    };
  });
  const samplesPerFlush = Math.round((series.length * FLUSH_MS) / INTERVAL_MS);
  let next = 0;
  const flush = (atMs: number): SampleBatch => {
    const rows = Array.from({ length: samplesPerFlush }, (_, row) => (next + row) % series.length);
    next = (next + samplesPerFlush) % series.length;
    return {
      series: rows.map((row) => series[row] as Series),
      timesMs: Float64Array.from(rows, (_, row) => atMs + Math.floor(row / SAMPLES_PER_CHECK)),
      values: Float64Array.from(rows, (row) => (row % SAMPLES_PER_CHECK < 3 ? 200 : Math.random())),
    };
  };
  return { series, samplesPerFlush, flush };
}
