import type { Matcher, SampleStore, Series, SeriesSamples } from '@labkeeper/core';
import { seriesKey } from '@labkeeper/core';
import type { SampleTap } from '../../ingest/sample-tap.js';
import { LiveSelector, selectorKey, type WatchedSelection } from './live-selector.js';
import { LiveSeries } from './live-series.js';

/** A series that no rule reads. */
const NOT_READ = Symbol('not read');

/** A series without a sample for this long behind what is looked back over is let go of. */
const SWEEP_MARGIN_MS = 60_000;

/**
 * The recent past of every series that a rule reads. Rules are evaluated over it without asking the store: which series a selector means is
 * resolved once and kept as series appear, and what arrives is here at once.
 */
export class RecentSamples implements SampleTap {
  #selectors = new Map<string, LiveSelector>();
  #byName = new Map<string, LiveSelector[]>();
  #nameless: LiveSelector[] = [];
  /** By the very object that ingest hands on, which is the same for every sample of a source's series. */
  #bySeries = new WeakMap<Series, ReadSeries | typeof NOT_READ>();
  readonly #byKey = new Map<string, ReadSeries>();
  #byMatchers = new WeakMap<readonly Matcher[], LiveSelector>();
  readonly #touched: LiveSelector[] = [];

  /** `onTouch` is told when something new is there and nobody has looked yet. */
  constructor(
    private readonly store: Pick<SampleStore, 'select'>,
    private readonly onTouch: () => void = () => undefined,
  ) {}

  /**
   * From now on exactly these selections are kept. What is kept already stays, and goes on being answered; what is new is read from the
   * store. Called with each plan. A rejection means that the store could not be read: then the past of what is new is missing.
   */
  async watch(selections: readonly WatchedSelection[], nowMs: number): Promise<void> {
    for (const selector of this.#replaceSelectors(selections)) {
      const found = await this.store.select(selector.matchers, nowMs - selector.keepMs, nowMs);
      for (const { series, timesMs, values } of found) {
        const known = this.#bySeries.get(series) ?? this.#meet(series);
        if (known !== NOT_READ) known.live.prepend(timesMs, values);
      }
      // A thousand rules are a thousand reads; others want the event loop, too.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** One sample on its way into the store. Called for every sample there is. */
  take(series: Series, timeMs: number, value: number): void {
    const known = this.#bySeries.get(series) ?? this.#meet(series);
    if (known === NOT_READ || !known.live.push(timeMs, value)) return;
    for (const selector of known.readBy) {
      if (selector.isTouched) continue;
      selector.isTouched = true;
      selector.isFresh = true;
      this.#touched.push(selector);
      if (this.#touched.length === 1) this.onTouch();
    }
  }

  /**
   * What is kept of a selection. Called for every selector of every evaluation, with the same list of matchers each time: it is found by
   * that. A selection that was never asked for is a fault of the caller.
   */
  selected(matchers: readonly Matcher[], fromMs: number, toMs: number): readonly SeriesSamples[] {
    const selector = this.selector(matchers);
    if (!selector) throw new Error('this selection is not kept');
    return selector.between(fromMs, toMs);
  }

  /** The selector of a selection that is kept. */
  selector(matchers: readonly Matcher[]): LiveSelector | undefined {
    const known = this.#byMatchers.get(matchers);
    if (known) return known;
    const found = this.#selectors.get(selectorKey(matchers));
    if (found) this.#byMatchers.set(matchers, found);
    return found;
  }

  /** Keys of the selectors that have new samples since the last call. */
  takeTouched(): readonly LiveSelector[] {
    const touched = [...this.#touched];
    this.#clearTouched();
    return touched;
  }

  /** Whether something new is there that nobody has looked at. */
  get isTouched(): boolean {
    return this.#touched.length > 0;
  }

  /** Lets go of series that have ended. Called every few minutes. */
  sweep(nowMs: number): void {
    const isOver = ({ newestMs, keepMs }: LiveSeries) => nowMs - newestMs > keepMs + SWEEP_MARGIN_MS;
    const before = this.#byKey.size;
    for (const [key, { live }] of this.#byKey) if (isOver(live)) this.#byKey.delete(key);
    if (this.#byKey.size === before) return;
    for (const { members } of this.#selectors.values())
      members.splice(0, members.length, ...members.filter((live) => !isOver(live)));
    // Objects that point at what has gone must find their way anew.
    this.#bySeries = new WeakMap();
  }

  get series(): number {
    return this.#byKey.size;
  }

  /** Returns the selectors that are new, or look further back than before. */
  #replaceSelectors(selections: readonly WatchedSelection[]): readonly LiveSelector[] {
    const before = this.#selectors;
    const reachOf = new Map([...before].map(([key, { keepMs }]) => [key, keepMs]));
    this.#selectors = new Map();
    for (const { matchers, keepMs } of selections) {
      const key = selectorKey(matchers);
      const selector = this.#selectors.get(key) ?? before.get(key) ?? new LiveSelector(matchers, keepMs);
      selector.keepMs = Math.max(selector.keepMs, keepMs);
      this.#selectors.set(key, selector);
    }
    this.#sortByName();
    this.#bySeries = new WeakMap();
    this.#byMatchers = new WeakMap();
    this.#attachKnown(before);
    return [...this.#selectors.values()].filter(({ key, keepMs }) => (reachOf.get(key) ?? -1) < keepMs);
  }

  /** Gives what is kept already to the selectors that are new, and lets go of what nobody reads any more. */
  #attachKnown(before: ReadonlyMap<string, LiveSelector>): void {
    for (const [key, { live }] of this.#byKey) {
      const readBy = this.#readersOf(live.series);
      for (const selector of readBy) if (!before.has(selector.key)) selector.add(live);
      for (const { keepMs } of readBy) live.keepMs = Math.max(live.keepMs, keepMs);
      if (readBy.length === 0) this.#byKey.delete(key);
      else this.#byKey.set(key, { live, readBy });
    }
  }

  /** A new series is held only against selectors of its name, and those without one. */
  #sortByName(): void {
    this.#byName = new Map();
    this.#nameless = [];
    for (const selector of this.#selectors.values()) {
      if (selector.name === undefined) this.#nameless.push(selector);
      else this.#byName.set(selector.name, [...(this.#byName.get(selector.name) ?? []), selector]);
    }
  }

  #meet(series: Series): ReadSeries | typeof NOT_READ {
    const key = seriesKey(series.name, series.labels);
    const found = this.#byKey.get(key) ?? this.#resolve(series, key);
    this.#bySeries.set(series, found);
    return found;
  }

  #resolve(series: Series, key: string): ReadSeries | typeof NOT_READ {
    const readBy = this.#readersOf(series);
    if (readBy.length === 0) return NOT_READ;
    const live = new LiveSeries(series, 0);
    for (const selector of readBy) selector.add(live);
    const read = { live, readBy };
    this.#byKey.set(key, read);
    return read;
  }

  #readersOf(series: Series): readonly LiveSelector[] {
    const candidates = [...(this.#byName.get(series.name) ?? []), ...this.#nameless];
    return candidates.filter((selector) => selector.meets(series));
  }

  #clearTouched(): void {
    for (const selector of this.#touched) selector.isTouched = false;
    this.#touched.length = 0;
  }
}

/** A series and the selectors that it meets. */
interface ReadSeries {
  readonly live: LiveSeries;
  readonly readBy: readonly LiveSelector[];
}
