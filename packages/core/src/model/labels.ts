/**
 * Labels of a series, an alert or an entity: name → value, as in the Prometheus data model.
 * An empty value means the same as no label at all.
 */
export type Labels = Readonly<Record<string, string>>;

/** The label under which PromQL sees the metric name. Never part of {@link Labels} of a sample. */
export const METRIC_NAME_LABEL = '__name__';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** True for a metric name of the classic Prometheus alphabet. Called once per new series. */
export function isMetricName(name: string): boolean {
  return METRIC_NAME.test(name);
}

/** True for a label name of the classic Prometheus alphabet; names that begin with `__` are reserved. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name) && !name.startsWith('__');
}

/**
 * One string per label set, equal exactly when the sets are equal whatever the order of the keys.
 * Length-prefixed, so that no value can imitate a separator. Called once per sample of a plugin.
 */
export function labelsKey(labels: Labels): string {
  let key = '';
  for (const name of Object.keys(labels).sort()) {
    const value = labels[name] ?? '';
    if (value !== '') key += `${name.length}:${name}${value.length}:${value}`;
  }
  return key;
}

/** One string per series: metric name and labels. See {@link labelsKey}. */
export function seriesKey(name: string, labels: Labels): string {
  return `${name}{${labelsKey(labels)}`;
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
const UINT64 = 0xffffffffffffffffn;

/**
 * Fingerprint of a label set: 16 hexadecimal digits, stable between runs and versions because alerts are
 * found again by it after a restart. FNV-1a, 64 bit, over the UTF-8 of {@link labelsKey}.
 * Called once per new alert, never per sample.
 */
export function fingerprint(labels: Labels): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(labelsKey(labels))) {
    hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & UINT64;
  }
  return hash.toString(16).padStart(16, '0');
}
