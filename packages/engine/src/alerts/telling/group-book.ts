import type { RecordStore, RecordTransaction } from '@labkeeper/core';
import { readAll } from '../../paging.js';
import { GROUPS, type TellingGroup } from './telling-group.js';

/** The groups that have something to tell or may soon: in memory, with a copy in the store that is written with what it tells of. */
export class GroupBook {
  readonly #groups = new Map<string, TellingGroup>();

  constructor(private readonly records: RecordStore) {}

  async load(): Promise<void> {
    for await (const group of readAll(this.records.collection<TellingGroup>(GROUPS)))
      this.#groups.set(group.key, group);
  }

  get(key: string): TellingGroup | undefined {
    return this.#groups.get(key);
  }

  /** Groups whose message should have left by now. */
  due(nowMs: number): readonly TellingGroup[] {
    return [...this.#groups.values()].filter(({ dueAtMs }) => dueAtMs !== undefined && dueAtMs <= nowMs);
  }

  /** When the next message is due; infinite when none is. */
  nextDueMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { dueAtMs } of this.#groups.values()) nextMs = Math.min(nextMs, dueAtMs ?? nextMs);
    return nextMs;
  }

  async write(transaction: RecordTransaction, groups: readonly TellingGroup[]): Promise<void> {
    const collection = transaction.collection<TellingGroup>(GROUPS);
    for (const group of groups) {
      if (group.isOver) await collection.delete(group.key);
      else await collection.put(group.key, group);
    }
  }

  /** The transaction is on disk. */
  accept(groups: readonly TellingGroup[]): void {
    for (const group of groups) {
      if (group.isOver) this.#groups.delete(group.key);
      else this.#groups.set(group.key, group);
    }
  }
}
