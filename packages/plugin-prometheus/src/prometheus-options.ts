import { type OptionsOf, optionsObject, Type } from '@labkeeper/core';
import { connectionOptions } from '@labkeeper/toolbox';
import { relabelOptions } from './relabel/relabel-options.js';

const targetText = Type.String({
  description: '`host`, `host:port`, or a whole address.',
  pattern: '^\\S+$',
  examples: ['nas.lan:9100', 'https://pve.lan:9221/pve?target=pve1'],
});

const labelledTarget = optionsObject({
  target: targetText,
  labels: Type.Record(Type.String(), Type.String(), {
    description: 'Labels of everything that this target exposes.',
    default: {},
  }),
});

const limit = (description: string) => Type.Optional(Type.Integer({ description, minimum: 1 }));

/** Options of the collector `prometheus`. Names and meaning are those of Prometheus' `scrape_config`. */
export const prometheusOptions = optionsObject({
  targets: Type.Array(Type.Union([targetText, labelledTarget]), {
    description: 'Exporters to scrape, side by side; each a text or a mapping with `target` and `labels`.',
    minItems: 1,
  }),
  job: Type.String({
    description: 'The label `job` of everything scraped.',
    minLength: 1,
    default: 'prometheus',
  }),
  scheme: Type.Union([Type.Literal('http'), Type.Literal('https')], {
    description: 'Of targets that are no whole address.',
    default: 'http',
  }),
  metrics_path: Type.String({
    description: 'Of targets that are no whole address.',
    pattern: '^/\\S*$',
    examples: ['/metrics', '/probe'],
    default: '/metrics',
  }),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
    description: 'Parameters of the query, by name.',
    default: {},
  }),
  ...connectionOptions,
  honor_labels: Type.Boolean({
    description:
      'Where a target exposes a label that it also has here: `true` keeps the exposed one, `false` renames that to `exported_…`.',
    default: false,
  }),
  honor_timestamps: Type.Boolean({
    description: 'Whether timestamps that a target exposes count, or the time of the scrape.',
    default: true,
  }),
  sample_limit: limit('With more samples than this, after `metric_relabel`, the scrape counts as failed.'),
  label_limit: limit(
    'With more labels than this on one series, its name counted, the scrape counts as failed.',
  ),
  label_name_length_limit: limit('With a longer name of a label, the scrape counts as failed.'),
  label_value_length_limit: limit('With a longer value of a label, the scrape counts as failed.'),
  body_size_limit: Type.String({
    description: 'With a larger answer, unpacked, the scrape counts as failed. `KB` is 1024 bytes.',
    pattern: '^[1-9][0-9]{0,8}(B|KB|MB|GB)$',
    examples: ['500KB', '10MB'],
    default: '64MB',
  }),
  relabel: Type.Array(relabelOptions, {
    description: 'Rules for the labels of targets, before they are scraped.',
    default: [],
  }),
  metric_relabel: Type.Array(relabelOptions, {
    description: 'Rules for the labels of what was scraped, before it is stored.',
    default: [],
  }),
});

export type PrometheusOptions = OptionsOf<typeof prometheusOptions>;

const UNIT_BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Bytes of `10MB`. */
export function sizeBytes(text: string): number {
  const [, count = '0', unit = 'B'] = /^([0-9]+)([A-Z]+)$/.exec(text) ?? [];
  return Number(count) * (UNIT_BYTES[unit] ?? 1);
}
