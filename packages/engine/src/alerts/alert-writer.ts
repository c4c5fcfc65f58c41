import type { RecordStore, RecordTransaction } from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import type { Journal } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';
import type { AlertChangePlan } from './alert-change.js';
import type { AlertStore } from './alert-store.js';

interface WriterParts {
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly store: AlertStore;
  readonly events: EventBus<EngineEvents>;
}

/** Carries planned changes out: alerts, journal and outbox in one transaction, and only then memory, channels and listeners. */
export class AlertWriter {
  constructor(private readonly parts: WriterParts) {}

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
      for (const plan of plans) if (plan.outbox) outbox.rollback(plan.outbox);
      throw error;
    }
    for (const plan of plans) this.parts.store.accept(plan.kept);
    for (const plan of plans) if (plan.outbox) outbox.commit(plan.outbox);
    for (const plan of plans) this.#publish(plan);
  }

  async #write(transaction: RecordTransaction, { kept, journal, outbox }: AlertChangePlan): Promise<void> {
    await this.parts.store.write(transaction, kept);
    for (const row of journal) await this.parts.journal.write(transaction, row);
    if (outbox) await this.parts.outbox.write(transaction, outbox);
  }

  #publish({ kept, from, reason, isSilent = false }: AlertChangePlan): void {
    if (!isSilent) this.parts.events.emit('alert.changed', { alert: kept.alert, from, reason });
  }
}
