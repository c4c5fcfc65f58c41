import {
  compileMatchers,
  type Matcher,
  METRIC_NAME_LABEL,
  type Series,
  type SeriesSamples,
} from '@labkeeper/core';
import type { LiveSeries } from './live-series.js';

/** What a rule reads: series by their labels, and how far back. */
export interface WatchedSelection {
  readonly matchers: readonly Matcher[];
  readonly keepMs: number;
}

/** One selector of rules with the series that meet it, kept up to date as series appear. */
export class LiveSelector {
  readonly key: string;
  readonly name: string | undefined;
  readonly members: LiveSeries[] = [];
  readonly #test: (series: Series) => boolean;
  /** Something of it has a new sample since somebody looked. */
  isTouched = false;
  /** A sample of it has arrived since it is kept: what it means is no memory of the time before a pause. */
  isFresh = false;

  constructor(
    readonly matchers: readonly Matcher[],
    public keepMs: number,
  ) {
    this.key = selectorKey(matchers);
    this.name = matchers.find(
      ({ label, operator }) => label === METRIC_NAME_LABEL && operator === '=',
    )?.value;
    this.#test = compileMatchers(matchers);
  }

  meets(series: Series): boolean {
    return this.#test(series);
  }

  add(series: LiveSeries): void {
    series.keepMs = Math.max(series.keepMs, this.keepMs);
    this.members.push(series);
  }

  /** Samples with `fromMs ≤ time ≤ toMs` of each member that has any. */
  between(fromMs: number, toMs: number): readonly SeriesSamples[] {
    const found: SeriesSamples[] = [];
    for (const live of this.members) {
      const samples = live.between(fromMs, toMs);
      if (samples) found.push(samples);
    }
    return found;
  }
}

/** The same conditions in any order have the same key. */
export function selectorKey(matchers: readonly Matcher[]): string {
  return matchers
    .map(({ label, operator, value }) => JSON.stringify([label, operator, value]))
    .sort()
    .join('');
}
