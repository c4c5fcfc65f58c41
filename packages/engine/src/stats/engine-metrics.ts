import type { SilenceState, Suppression } from '@labkeeper/core';
import type { DecisionCounts } from '../alerts/alert-writer.js';
import type { DeliveryCounts } from '../outbox/channel-sender.js';
import type { ChannelStatus } from '../outbox/channels.js';
import type { EngineStats } from './engine-stats.js';
import type { MetricFamily, MetricSample } from './metric-family.js';
import type { RunRecorder } from './run-recorder.js';

/** Where the figures come from. */
export interface MetricSources {
  readonly stats: EngineStats;
  readonly recorder: RunRecorder;
  readonly channels: readonly ChannelStatus[];
  readonly deliveries: ReadonlyMap<string, DeliveryCounts>;
  readonly suppressions: Readonly<Record<Suppression['kind'], number>>;
  readonly pendingAlerts: number;
  readonly silences: Readonly<Record<SilenceState, number>>;
  readonly decisions: DecisionCounts;
}

/** The engine's own metrics. Made when somebody asks. */
export function engineMetrics(sources: MetricSources): readonly MetricFamily[] {
  return [
    ...runMetrics(sources),
    ...ingestMetrics(sources),
    ...stateMetrics(sources),
    ...alertMetrics(sources),
    ...outboxMetrics(sources),
  ];
}

function runMetrics({ recorder, stats }: MetricSources): readonly MetricFamily[] {
  const checks = [...recorder.checks()];
  const collectors = [...recorder.collectors()];
  const statuses = ['up', 'degraded', 'down', 'unknown'] as const;
  return [
    counter(
      'labkeeper_check_runs_total',
      'Runs of checks by kind and result.',
      checks.flatMap(([kind, counts]) => statuses.map((status) => line({ kind, status }, counts[status]))),
    ),
    counter(
      'labkeeper_check_failures_total',
      'Runs in which the check itself threw an error.',
      checks.map(([kind, { failed }]) => line({ kind }, failed)),
    ),
    counter(
      'labkeeper_check_timeouts_total',
      'Runs of checks that outlived their deadline.',
      checks.map(([kind, { timedOut }]) => line({ kind }, timedOut)),
    ),
    counter(
      'labkeeper_collections_total',
      'Runs of collectors by kind and result.',
      collectors.flatMap(([kind, { collected, failed }]) => [
        line({ kind, result: 'collected' }, collected),
        line({ kind, result: 'failed' }, failed),
      ]),
    ),
    {
      name: 'labkeeper_task_lateness_seconds',
      type: 'histogram',
      help: 'How much later than due runs of checks and collectors began.',
      unit: 'seconds',
      samples: recorder.lateness.samples(),
    },
    counter('labkeeper_task_missed_runs_total', 'Due times that passed without a run.', [
      line({}, stats.scheduler.missed),
    ]),
    gauge('labkeeper_tasks', 'Scheduled tasks by state.', [
      line({ state: 'running' }, stats.scheduler.running),
      line({ state: 'queued' }, stats.scheduler.queued),
      line({ state: 'waiting' }, stats.scheduler.tasks - stats.scheduler.running - stats.scheduler.queued),
    ]),
    gauge('labkeeper_instances_failing', 'Instances whose plugin could not be started.', [
      line({}, stats.failingInstances),
    ]),
  ];
}

function ingestMetrics({ stats: { ingest } }: MetricSources): readonly MetricFamily[] {
  return [
    counter('labkeeper_ingest_samples_total', 'Samples that were stored.', [line({}, ingest.stored)]),
    counter('labkeeper_ingest_invalid_samples_total', 'Samples that were refused.', [
      line({}, ingest.invalid),
    ]),
    counter(
      'labkeeper_ingest_dropped_samples_total',
      'Samples that were given up because the store was away too long.',
      [line({}, ingest.dropped)],
    ),
    counter('labkeeper_ingest_appends_total', 'Writes to the sample store by result.', [
      line({ result: 'stored' }, ingest.appends),
      line({ result: 'failed' }, ingest.failedAppends),
    ]),
    gauge('labkeeper_ingest_backlog_samples', 'Samples that wait for the store.', [line({}, ingest.backlog)]),
  ];
}

function stateMetrics({ stats: { checks, entities } }: MetricSources): readonly MetricFamily[] {
  const statuses = ['up', 'degraded', 'down', 'unknown', 'paused'] as const;
  return [
    gauge(
      'labkeeper_checks',
      'Checks by status.',
      statuses.map((status) => line({ status }, checks[status])),
    ),
    gauge('labkeeper_entities', 'Entities that are known.', [line({}, entities)]),
  ];
}

function alertMetrics({
  stats,
  suppressions,
  pendingAlerts,
  silences,
  decisions,
}: MetricSources): readonly MetricFamily[] {
  const { alerts } = stats;
  const severities = ['critical', 'high', 'medium', 'low'] as const;
  return [
    gauge('labkeeper_alerts', 'Alerts that are pending or firing.', [
      line({ state: 'pending' }, pendingAlerts),
      line({ state: 'firing' }, alerts.open + alerts.acknowledged),
    ]),
    gauge(
      'labkeeper_alerts_firing',
      'Alerts that are not resolved, by severity.',
      severities.map((severity) => line({ severity }, alerts[severity])),
    ),
    gauge(
      'labkeeper_alerts_acknowledged',
      'Alerts that are not resolved and that somebody has acknowledged.',
      [line({}, alerts.acknowledged)],
    ),
    gauge(
      'labkeeper_alerts_suppressed',
      'Alerts that nobody is told of at the moment, by what holds them back.',
      Object.entries(suppressions).map(([by, count]) => line({ by }, count)),
    ),
    counter(
      'labkeeper_notification_decisions_total',
      'What was decided for alerts and channels: a message, one with others later, or none.',
      Object.entries(decisions).map(([decision, count]) => line({ decision }, count)),
    ),
    gauge(
      'labkeeper_silences',
      'Silences by state.',
      Object.entries(silences).map(([state, count]) => line({ state }, count)),
    ),
  ];
}

function outboxMetrics({ channels, deliveries }: MetricSources): readonly MetricFamily[] {
  return [
    gauge(
      'labkeeper_outbox_pending',
      'Messages that wait for delivery.',
      channels.map(({ name, pending }) => line({ channel: name }, pending)),
    ),
    gauge(
      'labkeeper_outbox_dead',
      'Messages that were given up.',
      channels.map(({ name, dead }) => line({ channel: name }, dead)),
    ),
    counter(
      'labkeeper_notifications_total',
      'Attempts to deliver a message, by result.',
      [...deliveries].flatMap(([channel, counts]) => [
        line({ channel, result: 'delivered' }, counts.delivered),
        line({ channel, result: 'retry' }, counts.retried),
        line({ channel, result: 'dead' }, counts.dead),
      ]),
    ),
  ];
}

function line(labels: MetricSample['labels'], value: number): MetricSample {
  return { labels, value };
}

function counter(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, type: 'counter', help, samples };
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, type: 'gauge', help, samples };
}
