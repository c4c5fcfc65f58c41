import type { AttributeValue } from './entity.js';
import type { Sample } from './sample.js';

/** In the order of badness a person would give them; `unknown` means that nobody can say, and is never shown as good. */
export const VERDICT_STATUSES = ['up', 'degraded', 'down', 'unknown'] as const;
export type VerdictStatus = (typeof VERDICT_STATUSES)[number];

/** What one run of a check says of its entity. */
export interface Verdict {
  readonly status: VerdictStatus;
  /** One sentence for people: what was found, and against what it was held. Never contains a secret. */
  readonly message: string;
  /** How long the target took to answer. Absent when it did not. */
  readonly latencyMs?: number;
  /** The check's own measurements, next to `probe_success` and `probe_duration_seconds`, which the engine adds. */
  readonly samples?: readonly Sample[];
  /** Facts worth keeping with the verdict, shown on the check's page. */
  readonly details?: Readonly<Record<string, AttributeValue>>;
}
