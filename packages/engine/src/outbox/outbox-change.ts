import type { JournalRow } from '../journal/journal.js';
import type { OutboxRow } from './outbox-row.js';

/**
 * What one transaction does to the outbox. Planned first, written with the alert it tells of, and only then given to the
 * channels, so that nobody hears of anything that is not on disk.
 */
export interface OutboxChange {
  readonly add: readonly OutboxRow[];
  /** Rows that are held in their queues because something better takes their place. */
  readonly remove: readonly OutboxRow[];
  /** Why each channel is told or not. */
  readonly journal: readonly Omit<JournalRow, 'atMs'>[];
}

/** Several changes as one. */
export function joinChanges(changes: readonly OutboxChange[]): OutboxChange {
  return {
    add: changes.flatMap(({ add }) => add),
    remove: changes.flatMap(({ remove }) => remove),
    journal: changes.flatMap(({ journal }) => journal),
  };
}
