import type { Series } from '@labkeeper/core';

// What writer and reader of the plug tests both know, so that every value can be checked.

export const START_MS = 1_767_225_600_000;
export const ROUND_MS = 600_000;

/** The options of the adapter, as they are when nothing is written, but for what would let old samples go. */
export const SAMPLE_OPTIONS = {
  durability: '10s',
  keep_samples: '10y',
  keep_5m: '10y',
  keep_1h: '10y',
  late_samples_within: '1h',
} as const;

/** As many as the fullest test needs. */
const FLEET: readonly Series[] = Array.from({ length: 2_000 }, (_, index) => ({
  name: index % 2 === 0 ? 'temperature' : 'requests_total',
  labels: { instance: `host${index}` },
}));

/** Some of the fleet are away in each round. */
export function seriesOf(round: number, fleet: number): readonly Series[] {
  return FLEET.slice(0, fleet).filter((_, index) => (round + index) % 7 !== 0);
}

/** Counters that begin anew, gauges of two places, and now and then a number that is no decimal. */
export function expectedValue({ name, labels }: Series, round: number): number {
  const host = Number(labels.instance?.slice(4));
  if (name === 'requests_total') return ((round * 17) % 4_000) + host;
  if (round % 50 === 0) return Math.sqrt(round + host);
  return Math.round(2_000 + 300 * Math.sin(round / 20 + host)) / 100;
}
