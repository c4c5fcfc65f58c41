import {
  compileMatchers,
  type Labels,
  type Matcher,
  METRIC_NAME_LABEL,
  type Series,
  seriesKey,
} from '@labkeeper/core';
import { SampleColumn } from './sample-column.js';

/** A series that the store knows, with its samples that are not in a chunk yet. */
export interface IndexedSeries {
  readonly id: number;
  readonly key: string;
  readonly series: Series;
  readonly head: SampleColumn;
}

/**
 * All series in memory: matchers are evaluated here, never in SQL. Some 500 bytes a series; ten thousand checks have
 * eighty thousand series.
 */
export class SeriesIndex {
  readonly #byKey = new Map<string, IndexedSeries>();
  readonly #byId = new Map<number, IndexedSeries>();
  readonly #byName = new Map<string, Set<IndexedSeries>>();
  /** Callers keep their series objects, so the key of a known one need not be made again for each sample. */
  #byObject = new WeakMap<Series, IndexedSeries>();

  get size(): number {
    return this.#byKey.size;
  }

  all(): Iterable<IndexedSeries> {
    return this.#byKey.values();
  }

  byId(id: number): IndexedSeries | undefined {
    return this.#byId.get(id);
  }

  /** The known series of the same identity. Called once per sample. */
  find(series: Series): IndexedSeries | undefined {
    const known = this.#byObject.get(series);
    if (known) return known;
    const found = this.#byKey.get(seriesKey(series.name, series.labels));
    if (found) this.#byObject.set(series, found);
    return found;
  }

  add(entry: IndexedSeries): void {
    this.#byKey.set(entry.key, entry);
    this.#byId.set(entry.id, entry);
    const named = this.#byName.get(entry.series.name) ?? new Set();
    this.#byName.set(entry.series.name, named.add(entry));
  }

  remove(entries: readonly IndexedSeries[]): void {
    for (const entry of entries) {
      this.#byKey.delete(entry.key);
      this.#byId.delete(entry.id);
      const named = this.#byName.get(entry.series.name);
      named?.delete(entry);
      if (named?.size === 0) this.#byName.delete(entry.series.name);
    }
    // It cannot be searched by value; it fills again by itself.
    if (entries.length > 0) this.#byObject = new WeakMap();
  }

  /** Every series that meets all matchers. Throws STORAGE_INVALID for a broken expression. */
  matching(matchers: readonly Matcher[]): readonly IndexedSeries[] {
    const accepts = compileMatchers(matchers);
    const name = matchers.find(
      ({ label, operator }) => label === METRIC_NAME_LABEL && operator === '=',
    )?.value;
    const candidates = name === undefined ? this.#byKey.values() : (this.#byName.get(name) ?? []);
    const found: IndexedSeries[] = [];
    for (const entry of candidates) if (accepts(entry.series)) found.push(entry);
    return found;
  }

  labelNames(): readonly string[] {
    const names = new Set<string>();
    for (const { series } of this.#byKey.values()) {
      names.add(METRIC_NAME_LABEL);
      for (const name of Object.keys(series.labels)) names.add(name);
    }
    return [...names].sort();
  }

  labelValues(label: string): readonly string[] {
    if (label === METRIC_NAME_LABEL) return [...this.#byName.keys()].sort();
    const values = new Set<string>();
    for (const { series } of this.#byKey.values()) {
      if (Object.hasOwn(series.labels, label)) values.add(series.labels[label] as string);
    }
    return [...values].sort();
  }
}

/** A series as it enters the index: a frozen copy without empty labels, which mean the same as none. */
export function indexedSeries(id: number, { name, labels }: Series): IndexedSeries {
  const series = Object.freeze({ name, labels: withoutEmpty(labels) });
  return { id, key: seriesKey(name, labels), series, head: new SampleColumn() };
}

function withoutEmpty(labels: Labels): Labels {
  const isFull = Object.values(labels).every((value) => value !== '');
  const kept = isFull
    ? { ...labels }
    : Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return Object.freeze(kept);
}
