import { type Labels, type Series, seriesKey } from '@labkeeper/core';

/** A series of a target, known from scrape to scrape. Its labels are one object, by which ingest knows it again. */
export interface KnownSeries {
  readonly name: string;
  readonly labels: Labels;
  /** Number of the scrape that brought it last. */
  scrape: number;
  /** Its timestamp there, if it had one of its own. */
  timeMs: number | undefined;
}

/** What a scrape has changed. */
export interface SeriesChange {
  /** How many there are that the scrape before did not have. */
  readonly added: number;
  /** Those that the scrape before had, and that are gone. Without those with timestamps of their own: nobody knows of them when they end. */
  readonly vanished: readonly KnownSeries[];
}

/** Besides those of the last scrape, as many again and this many may be remembered before all others are forgotten. */
const SPARE_SERIES = 1_000;

/**
 * Which series a target has. A scrape is {@link begin}, {@link take} for each sample, then {@link commit} or
 * {@link abandon}. Remembers at most about twice what one scrape brings.
 */
export class TargetSeries {
  readonly #byKey = new Map<string, KnownSeries>();
  /** Keys that the scrape's own report uses. */
  readonly #reserved: ReadonlySet<string>;
  #scrape = 0;
  #before: KnownSeries[] = [];
  #now: KnownSeries[] = [];
  #added = 0;

  /** `reserved` are not for the target to expose. */
  constructor(reserved: readonly Series[]) {
    this.#reserved = new Set(reserved.map(({ name, labels }) => seriesKey(name, labels)));
  }

  /** The known form of a series; undefined for a reserved one. */
  of({ name, labels }: Series): KnownSeries | undefined {
    const key = seriesKey(name, labels);
    if (this.#reserved.has(key)) return undefined;
    const known = this.#byKey.get(key);
    if (known) return known;
    const made: KnownSeries = { name, labels, scrape: -1, timeMs: undefined };
    this.#byKey.set(key, made);
    return made;
  }

  begin(): void {
    this.#scrape += 1;
    this.#now = [];
    this.#added = 0;
  }

  /** False when this scrape had the series before, at the same time: one of the two is wrong, and the first one counts. */
  take(known: KnownSeries, timeMs: number | undefined): boolean {
    if (known.scrape === this.#scrape) {
      if (known.timeMs === timeMs) return false;
    } else {
      if (known.scrape !== this.#scrape - 1) this.#added += 1;
      this.#now.push(known);
    }
    known.scrape = this.#scrape;
    known.timeMs = timeMs;
    return true;
  }

  commit(): SeriesChange {
    const vanished = this.#before.filter(
      ({ scrape, timeMs }) => scrape !== this.#scrape && timeMs === undefined,
    );
    this.#before = this.#now;
    return { added: this.#added, vanished };
  }

  /** The scrape failed: returns what the one before had, all of which has ended. */
  abandon(): readonly KnownSeries[] {
    const vanished = this.#before.filter(({ timeMs }) => timeMs === undefined);
    this.#before = [];
    // What the failed scrape touched counts as new the next time.
    this.#scrape += 1;
    return vanished;
  }

  /** Forgets what has been gone for long, when there is much of it. True then: whoever keeps known series must drop them. */
  prune(): boolean {
    if (this.#byKey.size <= this.#before.length * 2 + SPARE_SERIES) return false;
    this.#byKey.clear();
    for (const known of this.#before) this.#byKey.set(seriesKey(known.name, known.labels), known);
    return true;
  }
}
