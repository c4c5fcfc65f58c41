import { type Alert, type CollectionDeclaration, fingerprint, type Labels } from '@labkeeper/core';
import type { ChannelInstance } from '../../plan/plan.js';

/** Alerts that a channel is told of in one message. */
export interface TellingGroup {
  /** `<channel>/<hash of the labels>`, or `<channel>/digest`. */
  readonly key: string;
  readonly channel: string;
  /** What the alerts have in common. Empty for a digest: those that came too fast have nothing in common. */
  readonly labels: Labels;
  readonly isDigest: boolean;
  /** When its next message leaves. Absent: there is nothing to tell. */
  readonly dueAtMs?: number | undefined;
  /** When its last message left. */
  readonly toldAtMs?: number | undefined;
  /** None of its alerts fires any more, and all has been told. */
  readonly isOver?: boolean;
}

export const GROUPS: CollectionDeclaration = { name: 'alert_groups' };

const GROUP_INTERVAL_MS = 300_000;

/** The group of an alert at a channel that groups; undefined: the alert has messages of its own there. Pure. */
export function groupOf({ name, when }: ChannelInstance, { labels }: Alert): TellingGroup | undefined {
  if (!when.groupBy) return undefined;
  const common = groupLabels(when.groupBy, labels);
  return { key: `${name}/${fingerprint(common)}`, channel: name, labels: common, isDigest: false };
}

/** What is told late because a channel has had its share of messages for this minute. Pure. */
export function digestOf({ name }: ChannelInstance): TellingGroup {
  return { key: `${name}/digest`, channel: name, labels: {}, isDigest: true };
}

/** When a group that has something new is told. `known` is what the group was so far. Pure. */
export function dueTime(known: TellingGroup | undefined, { when }: ChannelInstance, nowMs: number): number {
  if (known?.dueAtMs !== undefined) return known.dueAtMs;
  if (known?.toldAtMs === undefined) return nowMs + (when.groupWaitMs ?? 0);
  return Math.max(nowMs, known.toldAtMs + (when.groupIntervalMs ?? GROUP_INTERVAL_MS));
}

function groupLabels(names: readonly string[], labels: Labels): Labels {
  const common: Record<string, string> = {};
  for (const name of names) {
    // `constructor` and its like are found on every object.
    const value: unknown = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (typeof value === 'string' && value !== '') common[name] = value;
  }
  return common;
}
