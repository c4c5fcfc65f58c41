import type { Matcher, SeriesSamples } from '@labkeeper/core';
import type { RangeSpan } from '../../evaluate-options.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import type { Grid, Moments } from '../program/grid.js';
import type { TimeShift } from '../program/program.js';

/** What a selector reads, and what it found the last time. */
export class SelectorPlan {
  #sources: readonly SeriesSamples['series'][] = [];
  #identities: readonly SeriesIdentity[] = [];

  constructor(
    readonly matchers: readonly Matcher[],
    readonly scope: number,
    readonly shift: TimeShift,
    /** How far back of each moment samples count; undefined: as far as the look-back of instant selectors. */
    readonly rangeMs: number | undefined,
  ) {}

  /**
   * The identities of what was read. The same array as the last time when the series are the same objects: whatever later operations
   * found out about them, they need not find out again. That is what makes a rule cheap.
   */
  identify(samples: readonly SeriesSamples[]): readonly SeriesIdentity[] {
    if (!this.#isSameAsLast(samples)) {
      this.#sources = samples.map(({ series }) => series);
      this.#identities = this.#sources.map((series) => SeriesIdentity.ofSeries(series));
    }
    return this.#identities;
  }

  #isSameAsLast(samples: readonly SeriesSamples[]): boolean {
    const sources = this.#sources;
    if (samples.length !== sources.length) return false;
    for (let at = 0; at < sources.length; at++) if (samples[at]?.series !== sources[at]) return false;
    return true;
  }
}

/** The moments at which a selector or a subquery looks: the steps, moved by `offset`, or held by `@`. */
export function momentsOf({ at, offsetMs }: TimeShift, grid: Grid, span: RangeSpan): Moments {
  if (!at) return { firstMs: grid.fromMs - offsetMs, stepMs: grid.stepMs };
  return { firstMs: timeOf(at, span) - offsetMs, stepMs: 0 };
}

function timeOf(at: NonNullable<TimeShift['at']>, span: RangeSpan): number {
  switch (at.kind) {
    case 'time':
      return at.timeMs;
    case 'start':
      return span.fromMs;
    case 'end':
      return span.toMs;
  }
}
