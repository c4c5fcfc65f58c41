import type { Matcher, SeriesSamples } from '@labkeeper/core';

/** What one selector of an expression needs. Times are inclusive milliseconds. */
export interface Selection {
  readonly matchers: readonly Matcher[];
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Where samples come from. Rows ascend in time; staleness marks are among them, bit for bit.
 * Called once for each selector of an expression, before anything is computed.
 */
export type SelectSamples = (selection: Selection) => Promise<readonly SeriesSamples[]>;

/** The same for sources that hold all they need in memory: rules are evaluated over one without a turn of the event loop. */
export type SelectSamplesNow = (selection: Selection) => readonly SeriesSamples[];
