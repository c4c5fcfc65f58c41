import type { Cardinality, SampleStats } from '@labkeeper/core';
import type { ApiContext } from '../api-context.js';
import { isoTimeOrNull } from '../schemas/shape.js';
import type { CountsView, StatsView } from './system-shape.js';

/** Enough to find the one metric or label that went wild. */
const TOP_CARDINALITY = 10;

/** Counting samples can take a database a while; the figure may be this old. */
const SAMPLE_STATS_AGE_MS = 10_000;

/** The counts that are told live. All of it is in memory. */
export function countsView({ engine, views }: Pick<ApiContext, 'engine' | 'views'>): CountsView {
  const { checks, alerts } = engine.stats();
  const { total, up, degraded, down, unknown, paused } = checks;
  const { open, acknowledged, critical, high, medium, low } = alerts;
  return {
    servers: views.counts(),
    checks: { total, up, degraded, down, unknown, paused },
    alerts: { open, acknowledged, critical, high, medium, low },
  };
}

/** Makes what answers `/api/v1/system/stats`. */
export function statsReader(context: ApiContext): () => Promise<StatsView> {
  const readSamples = remembered(context, async () => {
    const { samples } = context.storage;
    const [stats, cardinality] = await Promise.all([samples.stats(), samples.cardinality(TOP_CARDINALITY)]);
    return { ...stats, ...cardinality };
  });
  return async () => {
    const { outbox, scheduler } = context.engine.stats();
    const usage = context.monitor.usage();
    const { series, samples, bytes, oldestMs, newestMs, metrics, labels } = await readSamples();
    return {
      ...countsView(context),
      samples: {
        ...{ series, samples, bytes },
        oldest: isoTimeOrNull(oldestMs),
        newest: isoTimeOrNull(newestMs),
        top_metrics: [...metrics],
        top_labels: [...labels],
      },
      outbox: { pending: outbox.pending, dead: outbox.dead },
      scheduler: {
        tasks: scheduler.tasks,
        running: scheduler.running,
        queued: scheduler.queued,
        runs: scheduler.runs,
        missed: scheduler.missed,
        lateness_p99_ms: finite(scheduler.latenessP99Ms),
      },
      process: {
        rss_bytes: usage.rssBytes,
        cpu_seconds: finite(usage.cpuSeconds),
        event_loop_delay_p99_ms: finite(usage.eventLoopDelayP99Ms),
        uptime_seconds: Math.floor(usage.uptimeSeconds),
      },
    };
  };
}

type StoredSamples = SampleStats & Cardinality;

/** The same answer for everybody who asks within a while; a failed one is not kept. */
function remembered({ clock }: ApiContext, read: () => Promise<StoredSamples>): () => Promise<StoredSamples> {
  let kept: { readonly atMs: number; readonly stats: Promise<StoredSamples> } | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (kept && nowMs - kept.atMs < SAMPLE_STATS_AGE_MS) return kept.stats;
    const stats = read();
    kept = { atMs: nowMs, stats };
    stats.catch(() => {
      kept = undefined;
    });
    return stats;
  };
}

/** Two digits after the point; 0 while nothing was measured. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0;
}
