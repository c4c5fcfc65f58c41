import type { EntityId, Labels, Severity } from '@labkeeper/core';

/**
 * A signal about a time longer ago than this says nothing of the present: it opens no alert and makes none worse. So
 * samples that arrive late, or are imported, never page about the past. It is the look-back of Prometheus.
 */
export const PRESENT_MS = 300_000;

/** What the source of an alert (a check, a rule, somebody outside) says right now about one label set. No signal: all is well. */
export interface AlertSignal {
  /** `pending`: the condition is true, but not for long enough. */
  readonly phase: 'pending' | 'firing';
  /** Nobody can tell whether the condition still holds: an alert that is open stays as it is. */
  readonly isBlind: boolean;
  /** How bad it is compared with other signals of the same source; a higher one makes an open alert worse. */
  readonly rank: number;
  readonly rule: string;
  readonly type: string;
  readonly severity: Severity;
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly entity?: EntityId;
  readonly title: string;
  readonly message: string;
  readonly value?: number;
  readonly threshold?: number;
  /** Where its cause can be seen. */
  readonly url?: string;
  /** Since when the condition is true. */
  readonly sinceMs: number;
  /** The time it is about. Absent: now. See {@link PRESENT_MS}. */
  readonly atMs?: number;
}

/** A signal with the key of its alert. */
export interface SourcedSignal extends AlertSignal {
  readonly source: string;
}
