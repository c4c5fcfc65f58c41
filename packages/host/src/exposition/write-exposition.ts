import { isLabelName, isMetricName, type Labels } from '@labkeeper/core';
import type { MetricFamily } from '@labkeeper/engine';

/** Media type of what {@link writeExposition} writes. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The text format that Prometheus scrapes, version 0.0.4. Families in the order of their names, so that two scrapes can
 * be compared by eye. Throws a RangeError for a name that the format does not know: that is a fault of ours.
 */
export function writeExposition(families: readonly MetricFamily[]): string {
  return [...families]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(writeFamily)
    .join('');
}

function writeFamily({ name, help, type, samples }: MetricFamily): string {
  if (!isMetricName(name)) throw new RangeError(`'${name}' is not a metric name`);
  // A family without samples says nothing; its head alone would only be noise.
  if (samples.length === 0) return '';
  const lines = samples.map(
    ({ labels, value, suffix = '' }) => `${name}${suffix}${writeLabels(labels)} ${writeValue(value)}\n`,
  );
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels).map(([label, value]) => {
    if (!isLabelName(label)) throw new RangeError(`'${label}' is not a label name`);
    return `${label}="${escapeLabel(value)}"`;
  });
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

function writeValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
