import type { Labels } from '@labkeeper/core';
import { printf, showValue } from '@labkeeper/template';
import type { ShownAlert } from './compare-alerts.js';
import type { ShownSample } from './compare-samples.js';

/** Labels as PromQL writes them, in the order of their names. */
function showLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${printf('%q', [labels[name]])}`);
  return `{${pairs.join(', ')}}`;
}

export function showAlerts(alerts: readonly ShownAlert[]): string {
  if (alerts.length === 0) return 'no alert';
  return alerts
    .map(
      ({ labels, annotations }) =>
        `\n      Labels: ${showLabels(labels)}\n      Annotations: ${showLabels(annotations)}`,
    )
    .join('');
}

export function showSamples(samples: readonly ShownSample[]): string {
  if (samples.length === 0) return 'nothing';
  return samples.map(({ labels, value }) => `${showLabels(labels)} ${showValue(value)}`).join(', ');
}
