import type { Alert, AlertState, Clock, Notification } from '@labkeeper/core';
import type { JournalEntry } from '../../journal/journal.js';
import type { Outbox } from '../../outbox/outbox.js';
import { joinChanges, type OutboxChange } from '../../outbox/outbox-change.js';
import { refusal, skipped } from '../../outbox/outbox-trail.js';
import type { ChannelInstance } from '../../plan/plan.js';
import type { AlertChangePlan } from '../alert-change.js';
import {
  type Ending,
  firingMessage,
  lateMessage,
  resolvedMessage,
  type WordingFacts,
} from '../alert-wording.js';
import { type KeptAlert, withoutKeys } from '../kept-alert.js';
import { aboutAlert } from '../trail.js';
import { labelsMatch } from './alert-matchers.js';
import type { ChannelRate } from './channel-rate.js';
import type { GroupBook } from './group-book.js';
import { digestOf, dueTime, groupOf, type TellingGroup } from './telling-group.js';

interface TellingParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly groups: GroupBook;
  readonly rate: ChannelRate;
  readonly wording: (alert: Alert) => WordingFacts;
}

/** Which channels hear of it: all that want it, only those that have not heard of it, or some by name. */
export type Audience =
  | { readonly kind: 'all' | 'untold' }
  | {
      readonly kind: 'only';
      readonly channels: readonly string[];
      /** Whatever their own wishes are, and at once. */
      readonly isForced?: boolean;
    };

/** Why it is told, and what else becomes of it in the same moment. */
export interface TellingRequest {
  readonly from: AlertState | 'none';
  readonly reason: string;
  readonly journal: readonly JournalEntry[];
  readonly audience: Audience;
  /** For the reader. */
  readonly note?: string;
}

/** What one channel does with an alert. */
type Step =
  | { readonly kind: 'told'; readonly channel: string; readonly outbox: OutboxChange }
  | { readonly kind: 'due'; readonly channel: string; readonly group: TellingGroup }
  | { readonly kind: 'skipped'; readonly outbox: OutboxChange };

/** Brings an alert that is to be told to the channels: at once, with its group, or in a digest when there are too many. Plans only. */
export class Telling {
  constructor(private readonly parts: TellingParts) {}

  /** Tells that an alert fires. */
  tell(kept: KeptAlert, { from, reason, journal, audience, note }: TellingRequest): AlertChangePlan {
    const notification = firingMessage(kept.alert, this.parts.wording(kept.alert), note);
    const channels = this.parts.outbox.definitions();
    const steps = channels
      .filter(({ name }) => audience.kind !== 'only' || audience.channels.includes(name))
      .map((channel) => this.#offer(channel, kept, notification, audience));
    const nobody: Step = {
      kind: 'skipped',
      outbox: skipped(notification, 'nobody is told: no channel is configured'),
    };
    return this.#planned(kept, { from, reason, journal, steps: channels.length > 0 ? steps : [nobody] });
  }

  /** Tells of the end of an alert whoever was told of the beginning; also which groups have to. */
  conclude(
    kept: KeptAlert,
    ending: Ending,
  ): {
    readonly due: KeptAlert['due'];
    readonly outbox: OutboxChange;
    readonly groups: readonly TellingGroup[];
  } {
    const facts = this.parts.wording(kept.alert);
    const messages = {
      usual: resolvedMessage(kept.alert, ending, facts),
      late: lateMessage(kept.alert, ending, facts),
    };
    const steps = kept.told.map((channel) => this.#conclude(channel, kept, messages));
    const due = steps.flatMap((step) => (step.kind === 'due' ? [step] : []));
    return {
      due: Object.fromEntries(
        due.map(({ channel, group }) => [channel, { group: group.key, tell: 'resolved' as const }]),
      ),
      outbox: joinChanges(
        steps.map((step) => (step.kind === 'due' ? waiting(kept.alert, step.group) : step.outbox)),
      ),
      groups: due.map(({ group }) => group),
    };
  }

  /** The group in which a channel tells of an alert; undefined: it has messages of its own there. */
  groupAt(channel: ChannelInstance, alert: Alert): TellingGroup | undefined {
    return groupOf(channel, alert);
  }

  /** Why a channel does not want to hear of an alert that fires; undefined when it does. */
  refusalOf(channel: ChannelInstance, alert: Alert): string | undefined {
    const { name, when } = channel;
    const wanted = refusal(channel, 'alert.firing', alert.severity);
    if (wanted !== undefined || !when.matchers || labelsMatch(when.matchers, alert.labels)) return wanted;
    return `${name} does not want alerts with these labels`;
  }

  #offer(channel: ChannelInstance, kept: KeptAlert, notification: Notification, audience: Audience): Step {
    const { name } = channel;
    const isForced = audience.kind === 'only' && audience.isForced === true;
    const reason = isForced ? undefined : this.refusalOf(channel, kept.alert);
    if (reason !== undefined) return { kind: 'skipped', outbox: skipped(notification, reason, name) };
    if (audience.kind === 'untold' && kept.told.includes(name)) {
      const known = `${name} knows of it, and was told of no end`;
      return { kind: 'skipped', outbox: skipped(notification, known, name) };
    }
    const group = isForced ? undefined : this.#joined(channel, kept);
    if (group) return { kind: 'due', channel: name, group };
    this.parts.rate.take(channel, true);
    return {
      kind: 'told',
      channel: name,
      outbox: this.parts.outbox.offer(name, notification, !kept.told.includes(name)),
    };
  }

  #conclude(
    name: string,
    kept: KeptAlert,
    messages: { readonly usual: Notification; readonly late: Notification },
  ): Step {
    const { outbox } = this.parts;
    const channel = outbox.definitions().find((each) => each.name === name);
    if (!channel)
      return { kind: 'skipped', outbox: skipped(messages.usual, `${name} is no longer configured`, name) };
    const isWanted = channel.when.sendResolved !== false && channel.when.kinds.includes('alert.resolved');
    const group = isWanted ? this.#joinedWithoutDigest(channel, kept) : undefined;
    if (group) return { kind: 'due', channel: name, group };
    const change = outbox.conclude(name, messages, isWanted);
    const isOneMore = change.add.length > 0 && change.remove.length === 0;
    if (isOneMore && !this.parts.rate.take(channel))
      return { kind: 'due', channel: name, group: this.#digest(channel) };
    return { kind: 'told', channel: name, outbox: change };
  }

  /** The group that tells of it: its own, or the digest of a channel that has had its share. */
  #joined(channel: ChannelInstance, kept: KeptAlert): TellingGroup | undefined {
    const group = this.#joinedWithoutDigest(channel, kept);
    if (group) return group;
    return this.parts.rate.waitMs(channel) <= 0 ? undefined : this.#digest(channel);
  }

  #joinedWithoutDigest(channel: ChannelInstance, kept: KeptAlert): TellingGroup | undefined {
    const waiting = kept.due[channel.name];
    // What waits in a group already is told there, once, with whatever has become of it.
    const known = waiting && this.parts.groups.get(waiting.group);
    if (known) return known;
    const group = groupOf(channel, kept.alert);
    if (!group) return undefined;
    const before = this.parts.groups.get(group.key);
    return { ...group, toldAtMs: before?.toldAtMs, dueAtMs: dueTime(before, channel, this.#nowMs) };
  }

  #digest(channel: ChannelInstance): TellingGroup {
    const digest = digestOf(channel);
    const dueAtMs = this.#nowMs + Math.ceil(this.parts.rate.waitMs(channel));
    return { ...digest, dueAtMs: this.parts.groups.get(digest.key)?.dueAtMs ?? dueAtMs };
  }

  #planned(
    kept: KeptAlert,
    { from, reason, journal, steps }: Omit<TellingRequest, 'audience'> & { readonly steps: readonly Step[] },
  ): AlertChangePlan {
    const told = steps.flatMap((step) => (step.kind === 'told' ? [step.channel] : []));
    const due = steps.flatMap((step) => (step.kind === 'due' ? [step] : []));
    return {
      kept: this.#remembered(kept, told, due),
      ...{ from, reason, journal },
      outbox: joinChanges(
        steps.map((step) => (step.kind === 'due' ? waiting(kept.alert, step.group) : step.outbox)),
      ),
      groups: due.map(({ group }) => group),
    };
  }

  #remembered(
    kept: KeptAlert,
    told: readonly string[],
    due: readonly { readonly channel: string; readonly group: TellingGroup }[],
  ): KeptAlert {
    const nowMs = this.#nowMs;
    return {
      ...kept,
      owed: 'nothing',
      isQuiet: false,
      told: [...new Set([...kept.told, ...told])],
      toldAtMs: { ...kept.toldAtMs, ...Object.fromEntries(told.map((channel) => [channel, nowMs])) },
      due: {
        ...withoutKeys(kept.due, told),
        ...Object.fromEntries(
          due.map(({ channel, group }) => [channel, { group: group.key, tell: 'firing' as const }]),
        ),
      },
      alert: told.length > 0 ? { ...kept.alert, notifiedAtMs: nowMs } : kept.alert,
    };
  }

  get #nowMs(): number {
    return Math.round(this.parts.clock.now());
  }
}

function waiting(alert: Alert, group: TellingGroup): OutboxChange {
  const how = group.isDigest
    ? `${group.channel} has had its share of messages for this minute: it is told with others`
    : `it is told with its group at ${group.channel}`;
  const when =
    group.dueAtMs === undefined ? '' : `, at ${new Date(group.dueAtMs).toISOString().slice(11, 19)} UTC`;
  return {
    add: [],
    remove: [],
    journal: [
      { ...aboutAlert(alert), kind: 'notification.grouped', channel: group.channel, reason: `${how}${when}` },
    ],
  };
}
