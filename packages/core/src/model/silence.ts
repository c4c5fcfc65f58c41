import type { Matcher } from './matcher.js';

/**
 * Nobody is told of alerts that meet all matchers while it lasts; they are seen all the same. As in Alertmanager, and under its ids
 * (UUIDs), so that its tools work.
 */
export interface Silence {
  readonly id: string;
  /** At least one, and one of them must not match the empty text. */
  readonly matchers: readonly Matcher[];
  readonly startsAtMs: number;
  /** Absent: until the alert in `untilResolved` is over. */
  readonly endsAtMs?: number;
  /** Id of the alert whose end ends the silence, whatever `endsAtMs` says. */
  readonly untilResolved?: string;
  /** Who wants it: a name for people, as Alertmanager's API takes it. */
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAtMs: number;
}

export const SILENCE_STATES = ['pending', 'active', 'expired'] as const;
export type SilenceState = (typeof SILENCE_STATES)[number];

/** What a silence is at a time. */
export function silenceState({ startsAtMs, endsAtMs }: Silence, nowMs: number): SilenceState {
  if (endsAtMs !== undefined && endsAtMs <= nowMs) return 'expired';
  return startsAtMs > nowMs ? 'pending' : 'active';
}
