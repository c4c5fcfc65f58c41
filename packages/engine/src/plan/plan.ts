import type {
  Check,
  Collector,
  EntityId,
  EntityObservation,
  Labels,
  Maintenance,
  Matcher,
  NotificationKind,
  Notifier,
  Severity,
  Trigger,
} from '@labkeeper/core';

import type { PlannedRules } from '../rules/planned-rules.js';

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

/** Which messages a channel wants, and how they are put together. */
export interface ChannelWishes {
  readonly severities: readonly Severity[];
  readonly kinds: readonly NotificationKind[];
  /** Labels of the alerts it wants; all must match. Absent: of every alert. */
  readonly matchers?: readonly Matcher[];
  /** Alerts with the same values of these labels are told in one message. Absent: each has a message of its own, at once. */
  readonly groupBy?: readonly string[];
  /** How long the first message of a group waits for further alerts. Default 0. */
  readonly groupWaitMs?: number;
  /** Shortest distance between two messages of a group. Default 5 min. */
  readonly groupIntervalMs?: number;
  /** An alert that goes on and that nobody has acknowledged is told again after this time. Default 4 h; 0: never. */
  readonly repeatIntervalMs?: number;
  /** Whether it hears when an alert is over. Default true. */
  readonly sendResolved?: boolean;
  /** With more messages of alerts in a minute, the rest is told as one. Default 20; 0: no limit. */
  readonly messagesPerMinute?: number;
}

export interface ChannelInstance extends InstanceBase {
  readonly notifier: Notifier;
  readonly when: ChannelWishes;
  readonly timeoutMs: number;
}

/** While an alert of the source side fires, nobody is told of those of the target side. As in Alertmanager. */
export interface Inhibition {
  readonly name?: string;
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  /** Labels in which both must agree; one that is missing counts as empty. */
  readonly equal: readonly string[];
}

/** Whom to tell when nobody takes care of an alert. */
export interface Escalation {
  /** Unique in the plan. */
  readonly name: string;
  /** Labels of the alerts it is for; all must match. None: every alert. */
  readonly matchers: readonly Matcher[];
  /** How long an alert fires, neither acknowledged nor suppressed, before it is escalated. */
  readonly afterMs: number;
  /** Names of channels. They are told whatever their own wishes are. */
  readonly channels: readonly string[];
  /**
   * They are told again after this time, and not sooner whatever becomes of the alert. Default 4 h; 0: once for each time that
   * nobody looks after it.
   */
  readonly againEveryMs?: number;
}

/** Everything that should run. */
export interface Plan {
  readonly collectors: readonly CollectorInstance[];
  readonly checks: readonly CheckInstance[];
  readonly channels: readonly ChannelInstance[];
  /** Entities that the file declares. */
  readonly entities: readonly EntityObservation[];
  /** Maintenance windows that the file declares. */
  readonly maintenance?: readonly Maintenance[];
  readonly inhibitions?: readonly Inhibition[];
  readonly escalations?: readonly Escalation[];
  /** Rules to evaluate. */
  readonly rules?: PlannedRules;
  /** Address under which people reach Labkeeper, for the templates of rules. */
  readonly externalUrl?: string;
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
