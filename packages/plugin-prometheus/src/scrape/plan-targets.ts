import { type Labels, labelsKey } from '@labkeeper/core';
import type { PrometheusOptions } from '../prometheus-options.js';
import { compileRelabel, type LabelMap } from '../relabel/relabel-rules.js';
import { parseTarget } from './target-address.js';

/** One target that is to be scraped. */
export interface ScrapeTarget {
  /** Undefined when what the rules left is no address; validation tells of it. */
  readonly url: string | undefined;
  /** As in the options or as rewritten; for people. */
  readonly address: string;
  /** Of everything it exposes: `job`, `instance`, and what the options add. */
  readonly labels: Labels;
  /** Of the target in the options. */
  readonly index: number;
}

const PARAM_PREFIX = '__param_';

/**
 * The targets of an entry, after `relabel`: without those that a rule drops or that come twice. As in Prometheus, rules
 * see and may change `__address__`, `__scheme__`, `__metrics_path__` and `__param_…`; labels that begin with `__` end here.
 * Pure; throws for a broken expression.
 */
export function planTargets(options: PrometheusOptions): readonly ScrapeTarget[] {
  const relabel = compileRelabel(options.relabel);
  const params = new Map(
    Object.entries(options.params).map(([name, value]) => [
      name,
      typeof value === 'string' ? [value] : value,
    ]),
  );
  const planned = new Map<string, ScrapeTarget>();
  for (const [index, entry] of options.targets.entries()) {
    const labels = discoveredLabels(options, entry, params);
    if (!relabel(labels)) continue;
    const target = finished(labels, params, index);
    const key = `${target.url} ${labelsKey(target.labels)}`;
    if (!planned.has(key)) planned.set(key, target);
  }
  return [...planned.values()];
}

/** All values of each parameter; rules see only the first, as in Prometheus. */
type Params = ReadonlyMap<string, readonly string[]>;

function discoveredLabels(
  options: PrometheusOptions,
  entry: PrometheusOptions['targets'][number],
  params: Params,
): LabelMap {
  const { target, labels } = typeof entry === 'string' ? { target: entry, labels: {} } : entry;
  return new Map([
    ['job', options.job],
    ['__address__', target],
    ['__scheme__', options.scheme],
    ['__metrics_path__', options.metrics_path],
    ...[...params].map(([name, values]) => [PARAM_PREFIX + name, values[0] ?? ''] as const),
    ...Object.entries(labels),
  ]);
}

function finished(labels: LabelMap, params: Params, index: number): ScrapeTarget {
  const text = labels.get('__address__') ?? '';
  // Only now, so that rules see the target as it was written and may replace it.
  const parsed = parseTarget(text);
  const address = parsed?.address ?? text;
  if (!labels.has('instance')) labels.set('instance', address);
  if (parsed?.scheme !== undefined) labels.set('__scheme__', parsed.scheme);
  if (parsed?.path !== undefined) labels.set('__metrics_path__', parsed.path);
  const kept = [...labels].filter(([name, value]) => !name.startsWith('__') && value !== '');
  return {
    url: parsed && urlOf(address, labels, [...paramsOf(labels, params), ...(parsed.params ?? [])]),
    address,
    labels: Object.freeze(Object.fromEntries(kept)),
    index,
  };
}

function paramsOf(labels: LabelMap, params: Params): readonly (readonly [string, string])[] {
  return [...labels].flatMap(([label, value]) => {
    if (!label.startsWith(PARAM_PREFIX)) return [];
    const name = label.slice(PARAM_PREFIX.length);
    return [value, ...(params.get(name)?.slice(1) ?? [])].map((each) => [name, each] as const);
  });
}

function urlOf(
  address: string,
  labels: LabelMap,
  params: readonly (readonly [string, string])[],
): string | undefined {
  const query = new URLSearchParams(
    params.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const url = `${labels.get('__scheme__')}://${address}${labels.get('__metrics_path__')}${query && `?${query}`}`;
  return /^https?:/.test(url) && URL.canParse(url) ? url : undefined;
}
