import type { Series } from '@labkeeper/core';

/** Sees every sample that is taken in, before it is in the store: for rules, which should not wait for a write. */
export interface SampleTap {
  /** Called for every valid sample; must not throw and must be quick. The same series comes as the same object. */
  take(series: Series, timeMs: number, value: number): void;
}
