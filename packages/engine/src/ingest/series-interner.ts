import { isLabelName, isMetricName, type Labels, type Sample, type Series, seriesKey } from '@labkeeper/core';

/**
 * So many different series a source may have within an hour. A sane plugin has some thousand; one whose labels change with every run
 * would fill the store. Beyond it new series are refused, those that are known go on.
 */
export const MAX_SERIES_PER_SOURCE = 20_000;
const HOUR_MS = 3_600_000;
const NO_LABELS: Labels = Object.freeze({});

/**
 * Turns the samples of one source into series: adds the source's labels and gives the same series as the same object,
 * which stores recognise without looking at its labels. Plugins that reuse their label objects cost no text at all.
 */
export class SeriesInterner {
  #byLabels = new WeakMap<Labels, Map<string, Series>>();
  readonly #byKey = new Map<string, Series>();

  #sinceMs: number;
  #isFull = false;

  /** `labels` are added where a sample has none of that name; `redact` takes secrets out of label values. */
  constructor(
    private readonly labels: Labels,
    private readonly redact: (text: string) => string,
    private readonly monotonicMs: () => number,
  ) {
    this.#sinceMs = monotonicMs();
  }

  /** Whether the last series was refused because the source has too many. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The series of a sample, or undefined when its name or labels are not valid, or when the source has too many. Samples come from plugins: anything may be in them. */
  of({ name, labels = NO_LABELS }: Sample): Series | undefined {
    if (typeof labels !== 'object' || labels === null) return undefined;
    let byName = this.#byLabels.get(labels);
    const known = byName?.get(name);
    if (known) return known;
    const series = this.#intern(name, labels);
    if (!series) return undefined;
    // Labels that are made anew for every sample would fill the memory with entries that nobody finds again, but the
    // weak map lets go of them together with the samples.
    byName ??= new Map();
    byName.set(name, series);
    this.#byLabels.set(labels, byName);
    return series;
  }

  #intern(name: string, labels: Labels): Series | undefined {
    this.#isFull = false;
    if (typeof name !== 'string' || !Object.values(labels).every((value) => typeof value === 'string'))
      return undefined;
    const key = seriesKey(name, labels);
    const known = this.#byKey.get(key);
    if (known) return known;
    if (!isMetricName(name) || !Object.keys(labels).every(isLabelName)) return undefined;
    if (this.#byKey.size >= MAX_SERIES_PER_SOURCE && !this.#beginHour()) return undefined;
    const series = Object.freeze({ name, labels: this.#complete(labels) });
    this.#byKey.set(key, series);
    return series;
  }

  /** An empty value is no label: it neither stays nor hides one of the source. */
  #complete(own: Labels): Labels {
    const complete: Record<string, string> = {};
    for (const labels of [this.labels, own]) {
      for (const [name, value] of Object.entries(labels))
        if (value !== '') complete[name] = this.redact(value);
    }
    return Object.freeze(complete);
  }

  /** Forgets which series there were when the hour is over. */
  #beginHour(): boolean {
    this.#isFull = this.monotonicMs() - this.#sinceMs < HOUR_MS;
    if (this.#isFull) return false;
    this.#sinceMs = this.monotonicMs();
    this.#byKey.clear();
    this.#byLabels = new WeakMap();
    return true;
  }
}
