import { compileMatchers, type Matcher, METRIC_NAME_LABEL, type Series, seriesKey } from '@labkeeper/core';
import { HeadSeries } from '../head/head-series.js';

/** Plain alternations such as `a|b|c`: each is looked up, no expression runs. */
const LITERAL_ALTERNATION = /^[\w\-:/ ,@]+(\|[\w\-:/ ,@]+)*$/;

/** Series under one label, by value. */
type Postings = Map<string, HeadSeries[]>;

/**
 * All series in memory, and where each value of each label occurs. Matchers are evaluated here, never in a database.
 * Some 700 bytes a series with its labels.
 */
export class SeriesIndex {
  readonly #byKey = new Map<string, HeadSeries>();
  readonly #byId = new Map<number, HeadSeries>();
  readonly #byLabel = new Map<string, Postings>();
  /** Callers keep their series objects, so the key of a known one need not be made again for each sample. */
  #byObject = new WeakMap<Series, HeadSeries>();

  get size(): number {
    return this.#byKey.size;
  }

  all(): Iterable<HeadSeries> {
    return this.#byKey.values();
  }

  byId(id: number): HeadSeries | undefined {
    return this.#byId.get(id);
  }

  /** The known series of the same identity. */
  find(series: Series): HeadSeries | undefined {
    const known = this.#byObject.get(series);
    if (known) return known;
    const found = this.#byKey.get(seriesKey(series.name, series.labels));
    if (found) this.#byObject.set(series, found);
    return found;
  }

  add(id: number, { name, labels }: Series): HeadSeries {
    const entry = new HeadSeries(id, seriesKey(name, labels), frozen(name, labels));
    this.#byKey.set(entry.key, entry);
    this.#byId.set(id, entry);
    for (const [label, value] of labelsOf(entry.series)) this.#postings(label, value).push(entry);
    return entry;
  }

  remove(entries: readonly HeadSeries[]): void {
    const gone = new Set(entries);
    const touched = new Map<Postings, Set<string>>();
    for (const entry of entries) {
      this.#byKey.delete(entry.key);
      this.#byId.delete(entry.id);
      // Whoever expects it to follow another series finds that it is gone.
      entry.object = REMOVED;
      for (const [label, value] of labelsOf(entry.series)) {
        const postings = this.#byLabel.get(label) as Postings;
        touched.set(postings, (touched.get(postings) ?? new Set()).add(value));
      }
    }
    for (const [postings, values] of touched) for (const value of values) takeOut(postings, value, gone);
    for (const [label, postings] of this.#byLabel) if (postings.size === 0) this.#byLabel.delete(label);
    // It cannot be searched by value; it fills again by itself.
    if (gone.size > 0) this.#byObject = new WeakMap();
  }

  /** Every series that meets all matchers, in the order of their ids. Throws STORAGE_INVALID for a broken expression. */
  matching(matchers: readonly Matcher[]): readonly HeadSeries[] {
    const accepts = compileMatchers(matchers);
    const candidates = this.#fewestCandidates(matchers);
    const found: HeadSeries[] = [];
    for (const entry of candidates) if (accepts(entry.series)) found.push(entry);
    return found.sort((a, b) => a.id - b.id);
  }

  labelNames(): readonly string[] {
    return [...this.#byLabel.keys()].sort();
  }

  labelValues(label: string): readonly string[] {
    return [...(this.#byLabel.get(label)?.keys() ?? [])].sort();
  }

  /** How many values each label has, and how many series each value of one label. */
  counts(label: string): ReadonlyMap<string, number> {
    return new Map([...(this.#byLabel.get(label) ?? [])].map(([value, entries]) => [value, entries.length]));
  }

  /** The shortest list that holds every match. */
  #fewestCandidates(matchers: readonly Matcher[]): Iterable<HeadSeries> {
    let [best, fewest]: [readonly HeadSeries[][] | undefined, number] = [undefined, this.#byKey.size];
    for (const matcher of matchers) {
      const lists = this.#candidates(matcher);
      const count = lists?.reduce((sum, { length }) => sum + length, 0) ?? Number.POSITIVE_INFINITY;
      if (lists && count <= fewest) [best, fewest] = [lists, count];
    }
    return best ? best.flat() : this.#byKey.values();
  }

  /** Lists of all series that a matcher can accept; undefined when they are not worth looking for. */
  #candidates({ label, operator, value }: Matcher): HeadSeries[][] | undefined {
    const isListed = operator === '=' ? value !== '' : operator === '=~' && LITERAL_ALTERNATION.test(value);
    if (!isListed) return undefined;
    const postings = this.#byLabel.get(label);
    const values = operator === '=' ? [value] : new Set(value.split('|'));
    return [...values].map((one) => postings?.get(one) ?? []);
  }

  #postings(label: string, value: string): HeadSeries[] {
    let postings = this.#byLabel.get(label);
    if (!postings) this.#byLabel.set(label, (postings = new Map()));
    let entries = postings.get(value);
    if (!entries) postings.set(value, (entries = []));
    return entries;
  }
}

const REMOVED: Series = Object.freeze({ name: '', labels: Object.freeze({}) });

function takeOut(postings: Postings, value: string, gone: ReadonlySet<HeadSeries>): void {
  const left = (postings.get(value) ?? []).filter((entry) => !gone.has(entry));
  if (left.length > 0) postings.set(value, left);
  else postings.delete(value);
}

function* labelsOf({ name, labels }: Series): Iterable<readonly [label: string, value: string]> {
  yield [METRIC_NAME_LABEL, name];
  yield* Object.entries(labels);
}

/** A frozen copy without empty labels, which mean the same as none. */
function frozen(name: string, labels: Series['labels']): Series {
  const isFull = Object.values(labels).every((value) => value !== '');
  // A spread copy shares its hidden class with its like, which is a third of the memory.
  const kept = isFull
    ? { ...labels }
    : Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return Object.freeze({ name, labels: Object.freeze(kept) });
}
