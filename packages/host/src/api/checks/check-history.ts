import type { Matcher, SampleStore, SeriesSamples } from '@labkeeper/core';
import { GaugeBins } from '../metrics/gauge-bins.js';
import { StepWalker } from '../metrics/step-walker.js';
import { endOfBins, type TimeBins } from '../metrics/time-bins.js';

/** Series that ingest makes of every verdict. */
const STATUS = 'labkeeper_check_status';
const DURATION = 'probe_duration_seconds';

/** How far before the span a result is looked for that still holds at its beginning. */
const LOOK_BACK_MS = 300_000;

/** The numbers of the status series are 0 up, 1 degraded, 2 down, 3 unknown. By number: trouble before silence before success. */
const BADNESS = [0, 2, 3, 1];

/** A check over time, one value per bin; NaN where it did not run. */
export interface CheckHistory {
  /** The worst result within each bin, as the number of the status series. */
  readonly status: Float64Array;
  /** Mean within each bin. */
  readonly latencyMs: Float64Array;
}

export async function checkHistory(
  store: SampleStore,
  checkId: string,
  bins: TimeBins,
): Promise<CheckHistory> {
  const ofCheck: readonly Matcher[] = [
    { label: 'check', operator: '=', value: checkId },
    { label: '__name__', operator: '=~', value: `${STATUS}|${DURATION}` },
  ];
  const found = await store.select(ofCheck, bins.fromMs - LOOK_BACK_MS, endOfBins(bins) - 1);
  const named = (name: string) => found.filter(({ series }) => series.name === name);
  return { status: worstByBin(named(STATUS), bins), latencyMs: meanLatency(named(DURATION), bins) };
}

/** A check that was moved to another entity has one series for each. */
function worstByBin(samples: readonly SeriesSamples[], bins: TimeBins): Float64Array {
  const worst = new Float64Array(bins.count).fill(Number.NaN);
  const badness = (status: number) => BADNESS[status] ?? -1;
  for (const one of samples) {
    new StepWalker(bins).walk(one, (bin, status) => {
      if (badness(status) > badness(worst[bin] as number)) worst[bin] = status;
    });
  }
  return worst;
}

function meanLatency(samples: readonly SeriesSamples[], bins: TimeBins): Float64Array {
  const gauge = new GaugeBins(bins);
  for (const one of samples) gauge.add(one);
  return gauge.means().map((seconds) => seconds * 1_000);
}
