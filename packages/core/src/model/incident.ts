import type { EntityId } from './entity.js';
import type { Severity } from './severity.js';

/** Alerts that belong together, with one root cause. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: 'open' | 'resolved';
  readonly alertIds: readonly string[];
  readonly rootAlertId?: string;
  readonly rootEntity?: EntityId;
  readonly openedAtMs: number;
  readonly resolvedAtMs?: number;
}
