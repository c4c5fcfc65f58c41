import { type Alert, type AlertGroup, type Clock, LabkeeperError, type Notification } from '@labkeeper/core';
import type { JournalEntry } from '../../journal/journal.js';
import type { Outbox } from '../../outbox/outbox.js';
import type { ChannelInstance } from '../../plan/plan.js';
import type { AlertChangePlan } from '../alert-change.js';
import type { AlertStore } from '../alert-store.js';
import { firingMessage, resolvedMessage, type WordingFacts } from '../alert-wording.js';
import { type KeptAlert, withoutKeys } from '../kept-alert.js';
import { aboutAlert } from '../trail.js';
import type { ChannelRate } from './channel-rate.js';
import type { GroupBook } from './group-book.js';
import { groupLabelsOf, groupMessage } from './group-message.js';
import type { Telling } from './telling.js';
import type { TellingGroup } from './telling-group.js';

interface TellerParts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly store: AlertStore;
  readonly groups: GroupBook;
  readonly rate: ChannelRate;
  readonly telling: Telling;
  readonly wording: (alert: Alert) => WordingFacts;
}

/** What a message of a group is made of. */
interface Members {
  readonly news: readonly KeptAlert[];
  readonly over: readonly KeptAlert[];
  /** They fire, and the channel knows: they stand in the message all the same. */
  readonly known: readonly KeptAlert[];
}

/** Makes the messages of groups whose time has come. What each of them tells is written with it, so nothing is told twice or forgotten. */
export class GroupTeller {
  constructor(private readonly parts: TellerParts) {}

  /** What the message of a group changes, and the group afterwards. No plans: it has nothing to tell, or not yet. */
  plan(group: TellingGroup): { readonly group: TellingGroup; readonly plans: readonly AlertChangePlan[] } {
    const channel = this.parts.outbox.definitions().find(({ name }) => name === group.channel);
    const members = this.#members(group, channel);
    const told = [...members.news, ...members.over];
    if (!channel)
      return { group: { ...group, isOver: true }, plans: told.map((kept) => forgotten(kept, group)) };
    if (told.length === 0) return { group: this.#after(group, members), plans: [] };
    const waitMs = Math.ceil(this.parts.rate.waitMs(channel));
    if (waitMs > 0) return { group: { ...group, dueAtMs: this.#nowMs + waitMs }, plans: [] };
    this.parts.rate.take(channel, true);
    const after = { ...this.#after(group, members), toldAtMs: this.#nowMs };
    return { group: after, plans: this.#message(after, members) };
  }

  /** The firing alerts of every channel that wants them, as they are told together. */
  list(): readonly AlertGroup[] {
    const found = new Map<string, { channel: string; labels: Alert['labels']; alerts: Alert[] }>();
    for (const channel of this.parts.outbox.definitions()) {
      for (const alert of this.parts.store.firingAlerts()) {
        if (this.parts.telling.refusalOf(channel, alert) !== undefined) continue;
        const group = this.parts.telling.groupAt(channel, alert);
        const key = group?.key ?? `${channel.name} ${alert.id}`;
        const status = found.get(key) ?? {
          channel: channel.name,
          labels: group?.labels ?? alert.labels,
          alerts: [],
        };
        status.alerts.push(alert);
        found.set(key, status);
      }
    }
    return [...found.values()];
  }

  #members(group: TellingGroup, channel: ChannelInstance | undefined): Members {
    const due = this.parts.store.dueIn(group.channel, group.key);
    const news = due.filter(({ alert }) => alert.state === 'firing');
    const over = due.filter(({ alert }) => alert.state !== 'firing');
    const isKnown = (kept: KeptAlert) =>
      channel !== undefined &&
      kept.told.includes(group.channel) &&
      kept.due[group.channel] === undefined &&
      this.parts.telling.groupAt(channel, kept.alert)?.key === group.key;
    return { news, over, known: group.isDigest ? [] : this.parts.store.firing().filter(isKnown) };
  }

  #after(group: TellingGroup, { news, known }: Members): TellingGroup {
    const isOver = group.isDigest || news.length + known.length === 0;
    return { ...group, dueAtMs: undefined, isOver };
  }

  #message(group: TellingGroup, members: Members): readonly AlertChangePlan[] {
    const { news, over, known } = members;
    const notification = this.#worded(group, members);
    const change = this.parts.outbox.offer(group.channel, notification, false);
    const count = news.length + over.length + known.length;
    const how = count === 1 ? 'alone in its group' : `with ${count - 1} of its group`;
    const row = ({ alert }: KeptAlert): JournalEntry => ({
      ...aboutAlert(alert),
      kind: 'notification.queued',
      channel: group.channel,
      notificationId: notification.id,
      reason: `${alert.state === 'firing' ? 'it' : 'its end'} goes to ${group.channel}, ${how}`,
    });
    const plans = [
      ...news.map((kept) => this.#told(kept, group)),
      ...over.map((kept) => forgotten(kept, group)),
    ].map((plan) => ({ ...plan, journal: [row(plan.kept)] }));
    const [first, ...others] = plans;
    if (!first) throw new LabkeeperError('INTERNAL', 'a group without news has no message');
    // The rows about each alert stand in their own plans.
    return [{ ...first, outbox: { ...change, journal: [] } }, ...others];
  }

  #worded(group: TellingGroup, { news, over, known }: Members): Notification {
    const [only, ...others] = [...news, ...over, ...known];
    if (only && others.length === 0) {
      const facts = this.parts.wording(only.alert);
      const ending = only.ending ?? { title: only.alert.title, reason: 'it is over' };
      const message =
        only.alert.state === 'firing'
          ? firingMessage(only.alert, facts)
          : resolvedMessage(only.alert, ending, facts);
      return { ...message, ...groupLabelsOf(group) };
    }
    const any = (only as KeptAlert).alert;
    return groupMessage({
      ...{ id: this.parts.wording(any).id, nowMs: this.#nowMs, group },
      firing: [...news, ...known].map(({ alert }) => alert),
      resolved: over.map(({ alert }) => alert),
    });
  }

  #told(kept: KeptAlert, { channel }: TellingGroup): AlertChangePlan {
    const nowMs = this.#nowMs;
    return {
      kept: {
        ...kept,
        due: withoutKeys(kept.due, [channel]),
        told: [...new Set([...kept.told, channel])],
        toldAtMs: { ...kept.toldAtMs, [channel]: nowMs },
        alert: { ...kept.alert, notifiedAtMs: nowMs },
      },
      from: 'firing',
      reason: 'it is told with its group',
      journal: [],
    };
  }

  get #nowMs(): number {
    return Math.round(this.parts.clock.now());
  }
}

/** The channel has heard the end, or is there no more. */
function forgotten(kept: KeptAlert, { channel }: TellingGroup): AlertChangePlan {
  return {
    kept: {
      ...kept,
      due: withoutKeys(kept.due, [channel]),
      told: kept.told.filter((name) => name !== channel),
    },
    from: kept.alert.state,
    reason: 'its end is told with its group',
    journal: [],
    isSilent: true,
  };
}
