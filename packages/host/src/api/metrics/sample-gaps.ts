/** A pause this many times longer than the pauses around it means that samples are missing, not that they are rare. */
const LONGER_THAN_AROUND = 3.5;

/** Without neighbours to compare with, samples this far apart do not belong together: PromQL's look-back. */
const LONELY_GAP_MS = 300_000;

/**
 * True when nothing is known of the time between two samples: the machine was off, the collector did not run. Judged by
 * the pauses before and after it (0 where there is none), so that it works for every interval, also for one that was
 * changed meanwhile. Called for every sample of a chart, hence plain numbers.
 */
export function isGap(pauseMs: number, beforeMs: number, afterMs: number): boolean {
  const aroundMs = Math.max(beforeMs, afterMs);
  return pauseMs > (aroundMs > 0 ? aroundMs * LONGER_THAN_AROUND : LONELY_GAP_MS);
}

/** The pause after a row, 0 after the last. */
export function pauseAfter(timesMs: Float64Array, row: number): number {
  return row + 1 < timesMs.length ? (timesMs[row + 1] as number) - (timesMs[row] as number) : 0;
}
