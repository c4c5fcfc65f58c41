import { randomBytes } from 'node:crypto';
import type {
  Actor,
  Clock,
  CollectionDeclaration,
  EntityId,
  RecordStore,
  RecordTransaction,
} from '@labkeeper/core';
import { type ListPage, type PageRequest, storedPage } from '../paging.js';

const JOURNAL: CollectionDeclaration = { name: 'journal', indexes: { atMs: 'number', alertId: 'text' } };

/** One thing that happened, or was decided not to happen, and why. */
export interface JournalRow {
  readonly atMs: number;
  readonly kind:
    | 'alert.pending'
    | 'alert.firing'
    | 'alert.changed'
    | 'alert.reopened'
    | 'alert.resolved'
    | 'alert.acknowledged'
    | 'alert.unacknowledged'
    | 'alert.suppressed'
    | 'alert.unsuppressed'
    | 'alert.repeated'
    | 'alert.escalated'
    | 'alert.evidence'
    | 'notification.queued'
    | 'notification.skipped'
    | 'notification.grouped'
    | 'notification.replaced'
    | 'notification.delivered'
    | 'notification.retry'
    | 'notification.dead'
    | 'notification.revived'
    | 'check.paused'
    | 'check.resumed'
    | 'silence.created'
    | 'silence.changed'
    | 'silence.expired'
    | 'maintenance.changed'
    | 'maintenance.removed';
  /** One sentence. */
  readonly reason: string;
  readonly alertId?: string;
  readonly entity?: EntityId;
  readonly check?: string;
  readonly channel?: string;
  readonly notificationId?: string;
  readonly actor?: Actor;
}

/** A row that is to be written. Its time is the time of writing, unless it tells of something earlier. */
export type JournalEntry = Omit<JournalRow, 'atMs'> & { readonly atMs?: number };

/** Digits enough for the milliseconds of the next two thousand years, so that keys sort by time. */
const TIME_DIGITS = 14;
const SEQUENCE_DIGITS = 6;

/** What happened, in order. Rows are written in the transaction of the change they tell of. */
export class Journal {
  #sequence = 0;
  /** Two processes may write within one millisecond, one after the other; their rows must not share a key. */
  readonly #process = randomBytes(3).toString('hex');

  constructor(
    private readonly records: RecordStore,
    private readonly clock: Clock,
  ) {}

  /** Adds a row within a transaction. */
  async write(transaction: RecordTransaction, row: JournalEntry): Promise<void> {
    const atMs = Math.round(row.atMs ?? this.clock.now());
    this.#sequence = (this.#sequence + 1) % 10 ** SEQUENCE_DIGITS;
    const time = String(atMs).padStart(TIME_DIGITS, '0');
    const place = String(this.#sequence).padStart(SEQUENCE_DIGITS, '0');
    await transaction
      .collection<JournalRow>(JOURNAL)
      .put(`${time}-${place}-${this.#process}`, { ...row, atMs });
  }

  /** The rows of one alert, oldest first: its why-trail. */
  ofAlert(alertId: string, page?: PageRequest): Promise<ListPage<JournalRow>> {
    return storedPage(
      this.records.collection<JournalRow>(JOURNAL),
      { index: 'alertId', equals: alertId },
      page,
    );
  }

  /** All rows, newest first. */
  recent(page?: PageRequest): Promise<ListPage<JournalRow>> {
    return storedPage(this.records.collection<JournalRow>(JOURNAL), { order: 'descending' }, page);
  }

  /** Removes rows older than `beforeMs`; returns how many. */
  prune(beforeMs: number): Promise<number> {
    return this.records.collection<JournalRow>(JOURNAL).deleteWhere({ index: 'atMs', to: beforeMs });
  }
}
