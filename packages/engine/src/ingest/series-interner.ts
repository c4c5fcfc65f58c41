import { isLabelName, isMetricName, type Labels, type Sample, type Series, seriesKey } from '@labkeeper/core';

/**
 * Beyond this many series the memory of one source starts again. A sane plugin has some thousand; one whose labels
 * change with every run must not fill the memory.
 */
const MAX_SERIES = 20_000;
const NO_LABELS: Labels = Object.freeze({});

/**
 * Turns the samples of one source into series: adds the source's labels and gives the same series as the same object,
 * which stores recognise without looking at its labels. Plugins that reuse their label objects cost no text at all.
 */
export class SeriesInterner {
  #byLabels = new WeakMap<Labels, Map<string, Series>>();
  readonly #byKey = new Map<string, Series>();

  /** `labels` are added where a sample has none of that name; `redact` takes secrets out of label values. */
  constructor(
    private readonly labels: Labels,
    private readonly redact: (text: string) => string,
  ) {}

  /** The series of a sample, or undefined when its name or labels are not valid. Samples come from plugins: anything may be in them. */
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
    if (typeof name !== 'string' || !Object.values(labels).every((value) => typeof value === 'string'))
      return undefined;
    const key = seriesKey(name, labels);
    const known = this.#byKey.get(key);
    if (known) return known;
    if (!isMetricName(name) || !Object.keys(labels).every(isLabelName)) return undefined;
    if (this.#byKey.size >= MAX_SERIES) this.#forget();
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

  #forget(): void {
    this.#byKey.clear();
    this.#byLabels = new WeakMap();
  }
}
