import type { BenchOptions, BenchReport, BenchRun } from '../report.js';
import { p50AndP99 } from '../tsdb/percentile.js';
import { labkeeperLatencies } from './labkeeper.js';
import { prometheusLatencies } from './prometheus.js';

/** From a sample that makes a rule true to the webhook's arrival. */
export const run: BenchRun = async ({ quick }: BenchOptions): Promise<BenchReport> => {
  const ours = await labkeeperLatencies(quick ? 30 : 300);
  const theirs = await prometheusLatencies(quick ? 3 : 10, '0s');
  const usual = quick ? undefined : await prometheusLatencies(3, '30s');
  const references = [
    ...(theirs ? [{ name: 'Prometheus + Alertmanager, group_wait 0', value: p50AndP99(theirs).p50 }] : []),
    ...(usual ? [{ name: 'with its default group_wait', value: p50AndP99(usual).p50 }] : []),
  ];
  return {
    title: 'Alerts: from a sample to the webhook',
    figures: [
      { key: 'sample_to_webhook_p50_ms', label: 'p50', value: p50AndP99(ours).p50, unit: 'ms', references },
      {
        key: 'sample_to_webhook_p99_ms',
        label: 'p99',
        value: p50AndP99(ours).p99,
        unit: 'ms',
        must: { atMost: 50 },
      },
    ],
    notes: [
      'A sample comes by remote write; a rule without `for` fires; a webhook hears of it. Alerts are on disk (SQLite, synced) before',
      'anybody hears of them. Both programs have the rule at an interval of ten seconds.',
      ...(theirs ? [] : ['Prometheus and Alertmanager are not installed here.']),
    ],
  };
};
