import { windowOf } from '../head/window.js';
import type { PackInfo } from '../packs/chunk-store.js';

/** Samples settle day by day: each sample is then written twice in its life, and a month of one series is some hundred packs. */
export const DAY_MS = 86_400_000;

/** The chunks of a settled day are of six hours: whole days would save another 1 %, and make reading an hour four times as dear. */
export const SETTLED_MS = 21_600_000;

/** The start of the day in which all of a pack lies. */
export function dayOf({ toMs }: PackInfo): number {
  return windowOf(toMs, DAY_MS);
}

/** True for samples whose day is to be settled, again or for the first time. */
export function isUnsettled({ resolutionMs, isSettled }: PackInfo): boolean {
  return resolutionMs === 0 && !isSettled;
}
