import {
  type Check,
  type Collector,
  durationMs,
  type EntityId,
  type EntityObservation,
  type Labels,
  NOTIFICATION_KINDS,
  type NotificationKind,
  type Notifier,
  type Schedule,
  SEVERITIES,
  type Trigger,
} from '@labkeeper/core';
import type { ChannelInstance, CheckInstance, CollectorInstance, InstanceBase } from '@labkeeper/engine';
import type { CheckedEntry } from './check-entries.js';
import type { Digest } from './digest.js';
import { slug } from './entry-name.js';
import {
  type CheckSiblings,
  type CollectSiblings,
  DEFAULT_FAILURES,
  DEFAULT_RECOVERIES,
  DEFAULT_SEVERITY,
  type HostSections,
  type NotifySiblings,
} from './host-schema.js';
import { readMatchers } from './read-matchers.js';

/** How long one delivery may take unless the file says otherwise: a webhook answers in a second, a mail server in ten. */
const DELIVERY_TIMEOUT_MS = 30_000;

/** A collector as the engine runs it. */
export function planCollector(checked: CheckedEntry<CollectSiblings>, digest: Digest): CollectorInstance {
  const { siblings, target } = checked;
  const collector = checked.contribution as unknown as Collector;
  const entity = (siblings.entity as EntityId | undefined) ?? target?.entity;
  return {
    ...instanceBase('collect', siblings.name ?? collector.name, checked, digest),
    collector,
    ...startingNow(timing(siblings, collector.schedule)),
    ...(entity === undefined ? {} : { entity }),
    labels: siblings.labels ?? {},
  };
}

/** A check as the engine runs it. */
export function planCheck(checked: CheckedEntry<CheckSiblings>, digest: Digest): CheckInstance {
  const { siblings, target } = checked;
  const check = checked.contribution as unknown as Check;
  const name = checkName(checked);
  const base = instanceBase('check', name, checked, digest);
  return {
    ...base,
    check,
    ...timing(siblings, check.schedule),
    // A check has a target by contract; the name stands in for one that gives none.
    entity: (siblings.entity as EntityId | undefined) ?? target?.entity ?? `service:${base.name}`,
    displayName: siblings.name ?? target?.displayName ?? name,
    ...(target?.host === undefined ? {} : { host: target.host }),
    dependsOn: (siblings.depends_on ?? []) as readonly EntityId[],
    labels: siblings.labels ?? {},
    severity: siblings.severity ?? DEFAULT_SEVERITY,
    failuresBeforeDown: siblings.failures ?? DEFAULT_FAILURES,
    successesBeforeUp: siblings.recoveries ?? DEFAULT_RECOVERIES,
    paused: siblings.paused ?? false,
  };
}

/** A channel as the engine uses it. */
export function planChannel(checked: CheckedEntry<NotifySiblings>, digest: Digest): ChannelInstance {
  const { name, timeout } = checked.siblings;
  const notifier = checked.contribution as unknown as Notifier;
  return {
    ...instanceBase('notify', name ?? notifier.name, checked, digest),
    notifier,
    when: wishesOf(checked.siblings),
    timeoutMs: timeout === undefined ? DELIVERY_TIMEOUT_MS : durationMs(timeout),
  };
}

function wishesOf({ when, match, group, repeat, resolved, messages_per_minute: most }: NotifySiblings) {
  const { matchers } = readMatchers(match, []);
  return {
    severities: when?.severity ?? SEVERITIES,
    kinds: (when?.events as readonly NotificationKind[] | undefined) ?? NOTIFICATION_KINDS,
    ...(matchers.length === 0 ? {} : { matchers }),
    ...(group === undefined ? {} : { groupBy: group.by }),
    ...(group?.wait === undefined ? {} : { groupWaitMs: durationMs(group.wait) }),
    ...(group?.interval === undefined ? {} : { groupIntervalMs: durationMs(group.interval) }),
    ...(repeat === undefined ? {} : { repeatIntervalMs: durationMs(repeat) }),
    ...(resolved === undefined ? {} : { sendResolved: resolved }),
    ...(most === undefined ? {} : { messagesPerMinute: most }),
  };
}

function instanceBase(
  section: 'collect' | 'check' | 'notify',
  shownName: string,
  checked: CheckedEntry<unknown>,
  digest: Digest,
): InstanceBase {
  const name = slug(shownName, checked.contribution.name);
  const { from, options } = checked;
  return { id: `${section}/${name}`, name, plugin: from.plugin.name, options, digest: digest(checked) };
}

/** An item of `entities:` as something seen. */
export function planEntity(entity: NonNullable<HostSections['entities']>[number]): EntityObservation {
  const { id, display_name: displayName, parent, depends_on: dependsOn, attributes, labels } = entity;
  return {
    id: id as EntityId,
    ...(displayName === undefined ? {} : { displayName }),
    ...(parent === undefined ? {} : { parent: parent as EntityId }),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn as readonly EntityId[] }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(labels === undefined ? {} : { labels: labels as Labels }),
  };
}

/** The name of a check: as written, else from its kind and what it is about, which is unique enough for most files. */
function checkName({ siblings, contribution, target }: CheckedEntry<CheckSiblings>): string {
  const about = target?.entity.slice(target.entity.indexOf(':') + 1);
  return siblings.name ?? (about === undefined ? contribution.name : `${contribution.name}-${about}`);
}

/** When it runs and how long it may take. The plugin's own timeout is cut to the interval; a written one is not (it is a fault). */
function timing(siblings: CollectSiblings, schedule: Schedule): { trigger: Trigger; timeoutMs: number } {
  const { every = schedule.every, cron, time_zone: timeZone, timeout } = siblings;
  const usualMs = durationMs(timeout ?? schedule.timeout);
  if (cron !== undefined) {
    return {
      trigger: { kind: 'cron', expression: cron, ...(timeZone === undefined ? {} : { timeZone }) },
      timeoutMs: usualMs,
    };
  }
  const everyMs = durationMs(every);
  return { trigger: { kind: 'interval', everyMs }, timeoutMs: Math.min(usualMs, everyMs) };
}

/** Collectors are few, and people who have just started Labkeeper look at an empty page until the first one has run. */
function startingNow(timed: { trigger: Trigger; timeoutMs: number }): {
  trigger: Trigger;
  timeoutMs: number;
} {
  const { trigger, timeoutMs } = timed;
  return trigger.kind === 'interval' ? { trigger: { ...trigger, phase: 'now' }, timeoutMs } : timed;
}
