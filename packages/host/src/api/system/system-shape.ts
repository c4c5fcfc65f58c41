import { type Static, Type } from '@labkeeper/core';
import { choice, nullable, shape, time } from '../schemas/shape.js';

const count = (description?: string) => Type.Integer(description === undefined ? {} : { description });

/** For a container's health check: as little as possible, because anybody may ask. */
export const healthShape = shape('Health', {
  status: choice(['ok', 'starting', 'problem'], { description: 'Anything but `ok` is answered with 503.' }),
});

export const systemHealthShape = shape('SystemHealth', {
  status: choice(['ok', 'starting', 'problem']),
  version: Type.String(),
  started_at: time(),
  uptime_seconds: Type.Integer(),
  storage: Type.String({ description: '`ok`, or what is wrong with it.' }),
  problems: Type.Array(Type.String(), {
    description: 'What is wrong with Labkeeper itself, one sentence each.',
  }),
});

/** The counts that the page shows at the top, and that change all the time. */
const countsFields = {
  servers: shape('ServerCounts', { total: count(), online: count(), offline: count(), unknown: count() }),
  checks: shape('CheckTotals', {
    total: count(),
    up: count(),
    degraded: count(),
    down: count(),
    unknown: count(),
    paused: count('Counted here and not under their status.'),
  }),
  alerts: shape('AlertCounts', {
    open: count(),
    acknowledged: count(),
    critical: count('Open ones of this severity; so below.'),
    high: count(),
    medium: count(),
    low: count(),
  }),
};

export const countsShape = shape('Counts', countsFields);

export type CountsView = Static<typeof countsShape>;

export const statsShape = shape('SystemStats', {
  ...countsFields,
  samples: shape('SampleStats', {
    series: count(),
    samples: count(),
    bytes: count(),
    oldest: nullable(time()),
    newest: nullable(time()),
    top_metrics: Type.Array(shape('MetricCardinality', { name: Type.String(), series: count() }), {
      description: 'The metrics with the most series, the most first.',
    }),
    top_labels: Type.Array(shape('LabelCardinality', { name: Type.String(), values: count() }), {
      description: 'The labels with the most values, the most first.',
    }),
  }),
  outbox: shape('OutboxStats', { pending: count(), dead: count() }),
  scheduler: shape('SchedulerStats', {
    tasks: count(),
    running: count(),
    queued: count(),
    runs: count(),
    missed: count(),
    lateness_p99_ms: Type.Number(),
  }),
  process: shape('ProcessStats', {
    rss_bytes: count(),
    cpu_seconds: Type.Number(),
    event_loop_delay_p99_ms: Type.Number(),
    uptime_seconds: Type.Integer(),
  }),
});

export type StatsView = Static<typeof statsShape>;
