import { type Labels, labelsKey, METRIC_NAME_LABEL, type Series } from '@labkeeper/core';
import { quoteText } from '../../syntax/go-quote.js';

/**
 * The name and the labels of a series of a result. The name is kept apart, because dropping it is what most operations do.
 * What is derived from them is computed once: one object serves every step and, through the caches of operations, every evaluation.
 */
export class SeriesIdentity {
  #key: string | undefined;
  #labelsKey: string | undefined;
  #labelNames: readonly string[] | undefined;
  #withoutName: SeriesIdentity | undefined;
  #all: Labels | undefined;

  /** The labels hold no empty values. */
  constructor(
    readonly name: string,
    readonly labels: Labels,
  ) {}

  static ofSeries({ name, labels }: Series): SeriesIdentity {
    return new SeriesIdentity(name, withoutEmpty(labels));
  }

  /** From labels that hold the metric name too. */
  static ofLabels(all: Labels): SeriesIdentity {
    const { [METRIC_NAME_LABEL]: name = '', ...labels } = all;
    return new SeriesIdentity(name, withoutEmpty(labels));
  }

  /** The empty text for a label that is not there. */
  get(label: string): string {
    if (label === METRIC_NAME_LABEL) return this.name;
    const value: unknown = this.labels[label];
    // Anything but a text is not a label: `constructor` and its like are found on every object.
    return typeof value === 'string' ? value : '';
  }

  /** Equal for equal series, and only for them. */
  get key(): string {
    this.#key ??= `${this.name}{${this.labelsKey}`;
    return this.#key;
  }

  /** The same without the name. */
  get labelsKey(): string {
    this.#labelsKey ??= labelsKey(this.labels);
    return this.#labelsKey;
  }

  /** Sorted, without the name. */
  get labelNames(): readonly string[] {
    this.#labelNames ??= Object.keys(this.labels).sort();
    return this.#labelNames;
  }

  /** The same series without its name. Always the same object, so that caches further on recognise it. */
  withoutName(): SeriesIdentity {
    if (this.name === '') return this;
    this.#withoutName ??= new SeriesIdentity('', this.labels);
    return this.#withoutName;
  }

  /** With the metric name among the labels, as results are given. */
  toLabels(): Labels {
    this.#all ??= this.name === '' ? this.labels : { [METRIC_NAME_LABEL]: this.name, ...this.labels };
    return this.#all;
  }

  /** Only these labels. The name goes unless it is one of them. */
  keep(labels: readonly string[]): SeriesIdentity {
    return SeriesIdentity.ofLabels(Object.fromEntries(labels.map((label) => [label, this.get(label)])));
  }

  /** Without these labels. The name stays unless it is one of them. */
  drop(labels: ReadonlySet<string>): SeriesIdentity {
    const kept = this.labelNames.filter((label) => !labels.has(label));
    return new SeriesIdentity(
      labels.has(METRIC_NAME_LABEL) ? '' : this.name,
      // Not by assignment: a label may be called `__proto__`.
      Object.fromEntries(kept.map((label) => [label, this.get(label)])),
    );
  }

  /** As Prometheus writes it in its messages: `{__name__="up", job="node"}`. */
  toString(): string {
    const pairs = namesWithMetric(this).map((label) => `${label}=${quoteText(this.get(label))}`);
    return `{${pairs.join(', ')}}`;
  }
}

export const NO_LABELS = new SeriesIdentity('', {});

function withoutEmpty(labels: Labels): Labels {
  for (const label in labels)
    if (labels[label] === '')
      return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return labels;
}

/** Prometheus' order of series: label by label, names before values; the metric name counts as the label that it is. */
export function compareIdentities(left: SeriesIdentity, right: SeriesIdentity): number {
  const [leftNames, rightNames] = [namesWithMetric(left), namesWithMetric(right)];
  const shared = Math.min(leftNames.length, rightNames.length);
  for (let at = 0; at < shared; at++) {
    const [leftName, rightName] = [leftNames[at] as string, rightNames[at] as string];
    if (leftName !== rightName) return leftName < rightName ? -1 : 1;
    const [leftValue, rightValue] = [left.get(leftName), right.get(rightName)];
    if (leftValue !== rightValue) return leftValue < rightValue ? -1 : 1;
  }
  return leftNames.length - rightNames.length;
}

function namesWithMetric({ name, labelNames }: SeriesIdentity): readonly string[] {
  return name === '' ? labelNames : [...labelNames, METRIC_NAME_LABEL].sort();
}

/** Equal for series that agree in these labels, and only for them. Lengths in front, so that no value can imitate a border. */
export function signatureOf(identity: SeriesIdentity, labels: readonly string[]): string {
  let signature = '';
  for (const label of labels) {
    const value = identity.get(label);
    signature += `${value.length}:${value}`;
  }
  return signature;
}

/** Equal for series that agree in all labels but these and the name. */
export function signatureWithout(identity: SeriesIdentity, labels: ReadonlySet<string>): string {
  if (labels.size === 0) return identity.labelsKey;
  let signature = '';
  for (const label of identity.labelNames) {
    if (labels.has(label)) continue;
    const value = identity.get(label);
    signature += `${label.length}:${label}${value.length}:${value}`;
  }
  return signature;
}
