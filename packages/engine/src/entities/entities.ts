import type { Entity, EntityId, EntityObservation, VerdictStatus } from '@labkeeper/core';
import type { ListPage, PageRequest } from '../paging.js';

/** Everything that is watched. Kept in memory, so reading waits for nothing; the store has a copy. */
export interface Entities {
  /** Sorted by id. */
  list(filter?: { readonly kind?: string }, page?: PageRequest): ListPage<Entity>;
  get(id: EntityId): Entity | undefined;
  /**
   * Merges what was seen into what is known. Resolves when it is stored, if there was anything new to store.
   * Rejects with BAD_REQUEST for an id that is none.
   */
  observe(seen: EntityObservation): Promise<Entity>;
  /**
   * The same for what a person or a file says: it does not count as being seen. `lastSeenMs` of an entity that was never
   * seen is 0.
   */
  declare(said: EntityObservation): Promise<Entity>;
  /** Forgets an entity; true when it was known. One that is still reported comes back. */
  remove(id: EntityId): Promise<boolean>;
  /** Worst status of its checks that are not paused: down, degraded, unknown, up. `unknown` when it has none. */
  statusOf(id: EntityId): VerdictStatus;
  /** Every entity that needs this one, directly or through others. */
  dependentsOf(id: EntityId): readonly EntityId[];
}
