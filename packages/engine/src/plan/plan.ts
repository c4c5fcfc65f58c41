import type {
  Check,
  Collector,
  EntityId,
  EntityObservation,
  Labels,
  NotificationKind,
  Notifier,
  Severity,
  Trigger,
} from '@labkeeper/core';

/** What every configured instance has. */
export interface InstanceBase {
  /** Unique in the plan: `check/nextcloud`, `collect/system`, `notify/slack`. Also the id of its task. */
  readonly id: string;
  /** The id without its kind. */
  readonly name: string;
  readonly plugin: string;
  /** Checked, defaults filled in, secrets wrapped, frozen. */
  readonly options: unknown;
  /** Changes when anything about the instance changes; equal digests mean that it goes on undisturbed. */
  readonly digest: string;
}

export interface CollectorInstance extends InstanceBase {
  readonly collector: Collector;
  readonly trigger: Trigger;
  readonly timeoutMs: number;
  readonly entity?: EntityId;
  readonly labels: Labels;
}

export interface CheckInstance extends InstanceBase {
  readonly check: Check;
  readonly trigger: Trigger;
  readonly timeoutMs: number;
  readonly entity: EntityId;
  readonly displayName: string;
  /** The machine that is asked. */
  readonly host?: string;
  readonly dependsOn: readonly EntityId[];
  readonly labels: Labels;
  /** Of the alert when it is down; degraded and unknown are one step milder. */
  readonly severity: Severity;
  readonly failuresBeforeDown: number;
  readonly successesBeforeUp: number;
  /** `detect` (default): a check that comes and goes keeps one alert open. `ignore`: every change counts. */
  readonly flapping?: 'detect' | 'ignore';
  /** What the file says. A person's pause or resume at run time wins until the file says something else. */
  readonly paused: boolean;
}

export interface ChannelInstance extends InstanceBase {
  readonly notifier: Notifier;
  /** Which messages it wants. */
  readonly when: { readonly severities: readonly Severity[]; readonly kinds: readonly NotificationKind[] };
  readonly timeoutMs: number;
}

/** Everything that should run. */
export interface Plan {
  readonly collectors: readonly CollectorInstance[];
  readonly checks: readonly CheckInstance[];
  readonly channels: readonly ChannelInstance[];
  /** Entities that the file declares. */
  readonly entities: readonly EntityObservation[];
  /** Address of an alert's page, for the link in messages. Absent: messages have none. */
  readonly alertUrl?: (alertId: string) => string;
}

/** What applying a plan did, as ids of instances. A changed instance is in `stopped` and in `started`. */
export interface PlanChange {
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  readonly kept: readonly string[];
}

export const EMPTY_PLAN: Plan = { collectors: [], checks: [], channels: [], entities: [] };
