import type { AttributeValue, EntityId, Severity, VerdictStatus } from '@labkeeper/core';

/** A check as people see it. */
export interface CheckStatus {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly plugin: string;
  /** Name of the contribution: `http`. */
  readonly contribution: string;
  readonly entity: EntityId;
  /** Confirmed: a single slip does not change it. */
  readonly status: VerdictStatus;
  /** What the last run said. */
  readonly raw: VerdictStatus;
  readonly message: string;
  readonly latencyMs?: number | undefined;
  readonly details?: Readonly<Record<string, AttributeValue>> | undefined;
  /** Since when the status is what it is. */
  readonly sinceMs: number;
  readonly lastRunMs?: number | undefined;
  readonly nextRunMs?: number | undefined;
  /** Absent for a check on a cron trigger. */
  readonly everyMs?: number | undefined;
  readonly failuresInARow: number;
  readonly flapping: boolean;
  readonly paused: boolean;
  readonly dependsOn: readonly EntityId[];
  /** The entity whose failure explains this one. */
  readonly suppressedBy?: EntityId | undefined;
  readonly severity: Severity;
  /** The last results, oldest first: u up, g degraded, d down, n unknown. */
  readonly beats: string;
}

/** Which checks to list. */
export interface CheckFilter {
  readonly status?: VerdictStatus | 'paused';
  /** Part of the id, the display name or the entity, whatever the case. */
  readonly text?: string;
  readonly entity?: EntityId;
}
