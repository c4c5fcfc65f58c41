import assert from 'node:assert/strict';
import { isLabelName, isMetricName, type MetricDescription, type Sample, seriesKey } from '@labkeeper/core';

/** Suffixes that a histogram or summary adds to its declared name. */
const DERIVED_SUFFIX = /_(bucket|sum|count)$/;
/** Labels that histograms and summaries add by definition. */
const DERIVED_LABELS = new Set(['le', 'quantile']);

/** Asserts that metrics are declared as the Prometheus naming rules want. */
export function assertMetricDescriptions(metrics: readonly MetricDescription[]): void {
  const names = new Set<string>();
  for (const { name, type, help, labels = [] } of metrics) {
    assert.ok(isMetricName(name), `'${name}' is not a metric name`);
    assert.ok(!names.has(name), `${name} is declared twice`);
    names.add(name);
    assert.match(help, /^[A-Z].*\.$/s, `the help of ${name} is a sentence`);
    if (type === 'counter') assert.ok(name.endsWith('_total'), `the counter ${name} ends in _total`);
    for (const label of labels) assert.ok(isLabelName(label), `'${label}' of ${name} is not a label name`);
  }
}

/**
 * Asserts that samples are declared, well formed, and that no series stands twice. With `otherMetrics` being `any`,
 * none needs to be declared.
 */
export function assertSamples(
  samples: readonly Sample[],
  metrics: readonly MetricDescription[],
  otherMetrics: 'none' | 'any' = 'none',
): void {
  const declared = new Map(metrics.map((metric) => [metric.name, new Set(metric.labels)]));
  const seen = new Set<string>();
  for (const sample of samples) {
    const labels = declared.get(sample.name) ?? declared.get(sample.name.replace(DERIVED_SUFFIX, ''));
    if (otherMetrics === 'any') assertWellFormed(sample);
    else if (labels) assertDeclaredLabels(sample, labels);
    else assert.fail(`${sample.name} is reported but not declared`);
    assert.equal(typeof sample.value, 'number', `the value of ${sample.name} is a number`);
    assert.ok(
      sample.timeMs === undefined || Number.isSafeInteger(sample.timeMs),
      `the time of ${sample.name} is whole milliseconds`,
    );
    const key = `${seriesKey(sample.name, sample.labels ?? {})}@${sample.timeMs ?? ''}`;
    assert.ok(!seen.has(key), `${key} is reported twice in one run`);
    seen.add(key);
  }
}

function assertDeclaredLabels({ name, labels = {} }: Sample, declared: ReadonlySet<string>): void {
  for (const label of Object.keys(labels))
    assert.ok(
      declared.has(label) || DERIVED_LABELS.has(label),
      `the label '${label}' of ${name} is not declared`,
    );
}

function assertWellFormed({ name, labels = {} }: Sample): void {
  assert.ok(isMetricName(name), `'${name}' is not a metric name`);
  for (const label of Object.keys(labels))
    assert.ok(isLabelName(label), `'${label}' of ${name} is not a label name`);
}
