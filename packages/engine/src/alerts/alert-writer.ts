import type { RecordStore, RecordTransaction } from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import type { Journal } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';
import type { AlertChangePlan } from './alert-change.js';
import type { AlertStore } from './alert-store.js';
import type { SilenceBook } from './suppression/silence-book.js';
import type { ChannelRate } from './telling/channel-rate.js';
import type { GroupBook } from './telling/group-book.js';

interface WriterParts {
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly store: AlertStore;
  readonly groups: GroupBook;
  readonly silences: SilenceBook;
  readonly rate: ChannelRate;
  readonly events: EventBus<EngineEvents>;
  /** Something was written: other alerts may be told or held back because of it. */
  readonly onWritten: () => void;
}

/** How often it was decided what to do with an alert at a channel. */
export type DecisionCounts = Readonly<Record<'queued' | 'grouped' | 'skipped', number>>;

/** Carries planned changes out: alerts, journal, groups, silences and outbox in one transaction, and only then memory, channels and listeners. */
export class AlertWriter {
  readonly #decisions = { queued: 0, grouped: 0, skipped: 0 };

  constructor(private readonly parts: WriterParts) {}

  /** What was decided since the start, for each alert and channel: told, left to a group, not told. */
  get decisions(): DecisionCounts {
    return this.#decisions;
  }

  /** `also` writes what belongs to the same moment. Rejects with what the storage throws; then nothing has happened. */
  async commit(
    plans: readonly AlertChangePlan[],
    also: (transaction: RecordTransaction) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { records, outbox } = this.parts;
    try {
      await records.transaction(async (transaction) => {
        await also(transaction);
        for (const plan of plans) await this.#write(transaction, plan);
      });
    } catch (error) {
      for (const plan of plans) this.#undo(plan);
      throw error;
    }
    for (const plan of plans) this.#accept(plan);
    for (const plan of plans) this.#count(plan);
    for (const plan of plans) if (plan.outbox) outbox.commit(plan.outbox);
    for (const plan of plans) this.#publish(plan);
    if (plans.length > 0) this.parts.onWritten();
  }

  #count({ journal, outbox: change }: AlertChangePlan): void {
    for (const { kind } of [...journal, ...(change?.journal ?? [])]) {
      if (kind === 'notification.queued' || kind === 'notification.replaced') this.#decisions.queued += 1;
      if (kind === 'notification.grouped') this.#decisions.grouped += 1;
      if (kind === 'notification.skipped') this.#decisions.skipped += 1;
    }
  }

  #undo({ outbox: change }: AlertChangePlan): void {
    if (!change) return;
    this.parts.outbox.rollback(change);
    for (const { channel, notification } of change.add)
      if (notification.kind !== 'alert.acknowledged') this.parts.rate.giveBack(channel);
  }

  #accept({ kept, groups = [], silences = [] }: AlertChangePlan): void {
    this.parts.store.accept(kept);
    this.parts.groups.accept(groups);
    this.parts.silences.accept(silences);
  }

  async #write(transaction: RecordTransaction, plan: AlertChangePlan): Promise<void> {
    const { kept, journal, outbox, groups = [], silences = [] } = plan;
    await this.parts.store.write(transaction, kept);
    await this.parts.groups.write(transaction, groups);
    await this.parts.silences.write(transaction, silences);
    for (const row of journal) await this.parts.journal.write(transaction, row);
    if (outbox) await this.parts.outbox.write(transaction, outbox);
  }

  #publish({ kept, from, reason, isSilent = false }: AlertChangePlan): void {
    if (!isSilent) this.parts.events.emit('alert.changed', { alert: kept.alert, from, reason });
  }
}
