import {
  type Actor,
  type Clock,
  LabkeeperError,
  type Logger,
  type Notification,
  type RecordStore,
  type RecordTransaction,
} from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import type { Journal, JournalRow } from '../journal/journal.js';
import { type ListPage, type PageRequest, readAll, storedPage } from '../paging.js';
import type { ChannelInstance } from '../plan/plan.js';
import { ChannelQueue } from './channel-queue.js';
import type { ChannelSender, DeliveryCounts, DeliveryLedger } from './channel-sender.js';
import type { ChannelStatus, Channels, DeadLetter } from './channels.js';
import { KeepWriting } from './keep-writing.js';
import { joinChanges, type OutboxChange } from './outbox-change.js';
import { OUTBOX, type OutboxRow, outboxRow } from './outbox-row.js';
import { forEachAlert, queued, refusal, skipped } from './outbox-trail.js';

interface OutboxParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventBus<EngineEvents>;
  readonly journal: Journal;
  readonly nextId: () => string;
}

type Row = Omit<JournalRow, 'atMs'>;

/**
 * Every message on its way out. Each is a row on disk per channel, written together with what it tells of, and leaves the disk
 * only after the channel has accepted it: a crash in between may repeat a message, with the same id, and never loses one.
 */
export class Outbox implements Channels, DeliveryLedger {
  readonly #queues = new Map<string, ChannelQueue>();
  readonly #senders = new Map<string, ChannelSender>();
  readonly #dead = new Map<string, number>();
  readonly #writer: KeepWriting;

  constructor(private readonly parts: OutboxParts) {
    this.#writer = new KeepWriting(parts.clock, parts.log);
  }

  /** Reads what was on its way at the last stop or crash. It leaves as soon as its channel is there. */
  async load(): Promise<void> {
    const collection = this.parts.records.collection<OutboxRow>(OUTBOX);
    for await (const row of readAll(collection, { index: 'state', equals: 'pending' }))
      this.queueOf(row.channel).add(row);
    await this.#countDead();
  }

  queueOf(channel: string): ChannelQueue {
    const queue = this.#queues.get(channel) ?? new ChannelQueue();
    this.#queues.set(channel, queue);
    return queue;
  }

  /** From now on a channel is served by this sender. */
  setSender(channel: string, sender: ChannelSender): void {
    this.#senders.set(channel, sender);
  }

  /** Keeps only these channels. What waits for others is given up. Called with each plan. */
  async keepOnly(channels: ReadonlySet<string>): Promise<void> {
    for (const channel of this.#senders.keys()) if (!channels.has(channel)) this.#senders.delete(channel);
    for (const [channel, queue] of this.#queues) if (!channels.has(channel)) await this.#giveUpAll(queue);
  }

  stop(): void {
    this.#writer.stop();
  }

  /** The channels there are, as the plan defines them. */
  definitions(): readonly ChannelInstance[] {
    return [...this.#senders.values()].map(({ definition }) => definition);
  }

  /** Plans a message for one channel. It is the beginning of a story for one that has not heard of it. */
  offer(channel: string, notification: Notification, isBeginning: boolean): OutboxChange {
    const row = outboxRow(channel, notification, this.parts.clock.now());
    const note = queued(row, `${notification.kind} goes to ${channel}`);
    return {
      add: [isBeginning ? { ...row, isBeginning } : row],
      remove: [],
      journal: forEachAlert(note, notification),
    };
  }

  /** Plans a message within a story, for those of `channels` that want it. */
  continue(channels: readonly string[], notification: Notification): OutboxChange {
    if (this.#senders.size === 0) return skipped(notification, 'nobody is told: no channel is configured');
    return joinChanges(
      channels.map((channel) => {
        const reason = this.#refusal(channel, notification);
        return reason === undefined
          ? this.offer(channel, notification, false)
          : skipped(notification, reason, channel);
      }),
    );
  }

  /**
   * Plans the end of a story for a channel that heard its beginning. `late` is the message for a channel where the beginning
   * still waits: it takes the beginning's place, because nobody wants to read "down" and "up again" in one minute.
   * It goes there also when ends are not `isWanted`, for the beginning was promised.
   */
  conclude(
    channel: string,
    { usual, late }: { readonly usual: Notification; readonly late: Notification },
    isWanted: boolean,
  ): OutboxChange {
    const waiting = this.#untold(channel, usual);
    if (waiting.length > 0)
      return this.#replace(channel, waiting, isWanted ? late : { ...late, kind: 'alert.firing' });
    if (!isWanted) return skipped(usual, `${channel} does not want ${usual.kind}`, channel);
    return this.offer(channel, usual, false);
  }

  /** Writes a planned change within the transaction of what it tells of. */
  async write(transaction: RecordTransaction, { add, remove, journal }: OutboxChange): Promise<void> {
    const collection = transaction.collection<OutboxRow>(OUTBOX);
    for (const { id } of remove) await collection.delete(id);
    for (const row of add) await collection.put(row.id, row);
    for (const row of journal) await this.parts.journal.write(transaction, row);
  }

  /** The transaction is on disk: the channels may have it. */
  commit({ add, remove }: OutboxChange): void {
    for (const row of remove) this.queueOf(row.channel).remove(row.id);
    for (const row of add) this.queueOf(row.channel).add(row);
    for (const { channel } of [...add, ...remove]) this.#senders.get(channel)?.wake();
  }

  /** The transaction came to nothing: what was held goes its way. */
  rollback({ remove }: OutboxChange): void {
    for (const row of remove) {
      this.queueOf(row.channel).release(row.id);
      this.#senders.get(row.channel)?.wake();
    }
  }

  async delivered(row: OutboxRow): Promise<void> {
    const reason = row.attempts === 0 ? 'delivered' : `delivered at attempt ${row.attempts + 1}`;
    const isWritten = await this.#record(row, 'notification.delivered', reason, (rows) =>
      rows.delete(row.id),
    );
    if (isWritten)
      this.parts.events.emit('notification.delivered', {
        notification: row.notification,
        channel: row.channel,
      });
  }

  async postponed(row: OutboxRow, isNews: boolean): Promise<void> {
    // The count of attempts may be lost: after a restart there are more of them than needed, which harms nobody.
    await this.#notePostponed(row, isNews).catch(() => undefined);
    const { notification, channel, reason = '' } = row;
    this.parts.log.warn('a message could not be delivered; it is tried again', {
      channel,
      reason,
      attempts: row.attempts,
    });
    this.parts.events.emit('notification.retry', { notification, channel, reason });
  }

  async died(row: OutboxRow): Promise<void> {
    const { notification, channel, reason = '' } = row;
    this.#dead.set(channel, (this.#dead.get(channel) ?? 0) + 1);
    this.parts.log.error('a message was given up', {
      channel,
      reason,
      attempts: row.attempts,
      title: notification.title,
    });
    const isWritten = await this.#record(row, 'notification.dead', `given up: ${reason}`, (rows) =>
      rows.put(row.id, row),
    );
    if (isWritten) this.parts.events.emit('notification.dead', { notification, channel, reason });
  }

  list(): readonly ChannelStatus[] {
    return [...this.#senders.keys()].sort().map((name) => this.get(name) as ChannelStatus);
  }

  get(name: string): ChannelStatus | undefined {
    const sender = this.#senders.get(name);
    if (!sender) return undefined;
    const { definition, instance, reason, lastDeliveredMs, nextAttemptMs } = sender;
    return {
      id: definition.id,
      name,
      plugin: definition.plugin,
      notifier: definition.notifier.name,
      state: instance.phase === 'starting' ? 'starting' : reason === undefined ? 'running' : 'failing',
      ...(reason === undefined ? {} : { reason }),
      pending: this.queueOf(name).size,
      dead: this.#dead.get(name) ?? 0,
      ...(lastDeliveredMs === undefined ? {} : { lastDeliveredMs }),
      ...(nextAttemptMs === undefined ? {} : { nextAttemptMs }),
    };
  }

  async test(name: string, by: Actor): Promise<Notification> {
    if (!this.#senders.has(name)) throw new LabkeeperError('NOT_FOUND', `there is no channel '${name}'`);
    const notification: Notification = {
      id: this.parts.nextId(),
      kind: 'test',
      severity: 'low',
      title: 'Test message',
      text: `${by.name} wants to know whether this channel works. It does.`,
      fields: [],
      buttons: [],
      atMs: this.parts.clock.now(),
    };
    const row = outboxRow(name, notification, this.parts.clock.now());
    const change: OutboxChange = {
      add: [row],
      remove: [],
      journal: [queued(row, `a test, asked for by ${by.name}`)],
    };
    await this.#apply(change);
    return notification;
  }

  async deadLetters(page?: PageRequest): Promise<ListPage<DeadLetter>> {
    const collection = this.parts.records.collection<OutboxRow>(OUTBOX);
    const rows = await storedPage(collection, { index: 'deadAtMs', order: 'descending' }, page);
    return { ...rows, items: rows.items.map(deadLetter) };
  }

  async retry(id: string): Promise<void> {
    const row = await this.#deadRow(id);
    if (!row) throw new LabkeeperError('NOT_FOUND', `there is no dead letter '${id}'`);
    if (!this.#senders.has(row.channel)) {
      throw new LabkeeperError('CONFLICT', `the channel '${row.channel}' is no longer configured`);
    }
    const revived = outboxRow(row.channel, row.notification, this.parts.clock.now());
    const note: Row = { ...queued(revived, 'a person had it tried again'), kind: 'notification.revived' };
    await this.#apply({ add: [revived], remove: [], journal: [note] });
    this.#dead.set(row.channel, (this.#dead.get(row.channel) ?? 1) - 1);
  }

  async discard(id: string): Promise<boolean> {
    const row = await this.#deadRow(id);
    if (!row) return false;
    await this.parts.records.collection<OutboxRow>(OUTBOX).delete(id);
    this.#dead.set(row.channel, (this.#dead.get(row.channel) ?? 1) - 1);
    return true;
  }

  /** Removes dead letters older than `beforeMs`; returns how many. */
  async prune(beforeMs: number): Promise<number> {
    const removed = await this.parts.records
      .collection<OutboxRow>(OUTBOX)
      .deleteWhere({ index: 'deadAtMs', to: beforeMs });
    if (removed > 0) await this.#countDead();
    return removed;
  }

  counts(): { readonly pending: number; readonly dead: number } {
    const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
    return {
      pending: sum([...this.#queues.values()].map(({ size }) => size)),
      dead: sum(this.#dead.values()),
    };
  }

  deliveries(): ReadonlyMap<string, DeliveryCounts> {
    return new Map([...this.#senders].map(([channel, { counts }]) => [channel, counts]));
  }

  /** The reason goes into the journal when it is a new one: a channel that is away for a day is not worth a thousand rows. */
  #notePostponed(row: OutboxRow, isNews: boolean): Promise<void> {
    const note: Row = {
      ...queued(row, `could not be delivered, and is tried again: ${row.reason}`),
      kind: 'notification.retry',
    };
    return this.parts.records.transaction(async (transaction) => {
      await collectionOf(transaction).put(row.id, row);
      if (!isNews) return;
      for (const each of forEachAlert(note, row.notification))
        await this.parts.journal.write(transaction, each);
    });
  }

  #refusal(channel: string, { kind, severity }: Notification): string | undefined {
    const definition = this.#senders.get(channel)?.definition;
    return definition ? refusal(definition, kind, severity) : `${channel} is no longer configured`;
  }

  /** What waits about an alert, held, when its beginning is among it; otherwise the channel knows, and all goes its way in order. */
  #untold(channel: string, { alertId }: Notification): readonly OutboxRow[] {
    if (alertId === undefined) return [];
    const queue = this.queueOf(channel);
    const waiting = queue.hold(alertId);
    if (waiting.some(({ isBeginning }) => isBeginning)) return waiting;
    for (const { id } of waiting) queue.release(id);
    return [];
  }

  #replace(channel: string, waiting: readonly OutboxRow[], late: Notification): OutboxChange {
    const row = outboxRow(channel, late, this.parts.clock.now());
    const reason = `${channel} had not taken the first message yet: one message tells the whole story`;
    return {
      add: [row],
      remove: waiting,
      journal: [{ ...queued(row, reason), kind: 'notification.replaced' }],
    };
  }

  async #giveUpAll(queue: ChannelQueue): Promise<void> {
    for (const row of queue.rows()) {
      queue.remove(row.id);
      await this.died({
        ...row,
        state: 'dead',
        reason: 'the channel is no longer configured',
        deadAtMs: this.parts.clock.now(),
      });
    }
  }

  async #apply(change: OutboxChange): Promise<void> {
    await this.parts.records.transaction((transaction) => this.write(transaction, change));
    this.commit(change);
  }

  #record(
    row: OutboxRow,
    kind: Row['kind'],
    reason: string,
    work: (rows: ReturnType<typeof collectionOf>) => Promise<unknown>,
  ): Promise<boolean> {
    return this.#writer.write(() =>
      this.parts.records.transaction(async (transaction) => {
        await work(collectionOf(transaction));
        for (const note of forEachAlert({ ...queued(row, reason), kind }, row.notification))
          await this.parts.journal.write(transaction, note);
      }),
    );
  }

  async #deadRow(id: string): Promise<OutboxRow | undefined> {
    const row = (await this.parts.records.collection<OutboxRow>(OUTBOX).get(id))?.value;
    return row?.state === 'dead' ? row : undefined;
  }

  async #countDead(): Promise<void> {
    this.#dead.clear();
    const collection = this.parts.records.collection<OutboxRow>(OUTBOX);
    for await (const { channel } of readAll(collection, { index: 'deadAtMs' })) {
      this.#dead.set(channel, (this.#dead.get(channel) ?? 0) + 1);
    }
  }
}

function collectionOf(transaction: RecordTransaction) {
  return transaction.collection<OutboxRow>(OUTBOX);
}

function deadLetter({
  id,
  channel,
  notification,
  attempts,
  reason = '',
  deadAtMs = 0,
}: OutboxRow): DeadLetter {
  return { id, channel, notification, attempts, reason, deadAtMs };
}
