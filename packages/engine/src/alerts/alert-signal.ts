import type { EntityId, Labels, Severity } from '@labkeeper/core';

/** What the source of an alert (a check, later a rule) says right now about one label set. No signal: all is well. */
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
  readonly entity?: EntityId;
  readonly title: string;
  readonly message: string;
  readonly value?: number;
  readonly threshold?: number;
  /** Since when the condition is true. */
  readonly sinceMs: number;
}
