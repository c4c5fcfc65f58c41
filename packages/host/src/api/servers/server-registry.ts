import {
  type Clock,
  type Collection,
  type EntityId,
  LabkeeperError,
  type RecordStore,
} from '@labkeeper/core';
import type { Engine } from '@labkeeper/engine';
import { changed, type KnownServer, registered, SERVERS, type ServerRecord } from './server-record.js';
import type { ServerChange, ServerInput } from './server-shape.js';

export interface RegistryParts {
  readonly records: RecordStore;
  readonly entities: Engine['entities'];
  readonly clock: Clock;
  /** Told after a person has changed, added or removed a server. */
  readonly onChange: (serverId: string) => void;
}

/** S2's registry of servers: what people say of them, beside what collectors find. People's part is kept in memory. */
export class ServerRegistry {
  readonly #records = new Map<string, ServerRecord>();
  readonly #collection: Collection<ServerRecord>;
  #loading: Promise<void> | undefined;

  constructor(private readonly parts: RegistryParts) {
    this.#collection = parts.records.collection<ServerRecord>(SERVERS);
  }

  /** Reads the stored records, once; tried again when it failed. Everything else needs it first. */
  load(): Promise<void> {
    this.#loading ??= this.#loadAll().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** Ids of all servers, sorted. */
  ids(): readonly string[] {
    const ids = new Set(this.#records.keys());
    for (let cursor: string | undefined, isMore = true; isMore; ) {
      const page = this.parts.entities.list({ kind: 'server' }, { limit: 1_000, cursor });
      for (const { name } of page.items) ids.add(name);
      cursor = page.nextCursor;
      isMore = cursor !== undefined;
    }
    return [...ids].sort();
  }

  find(serverId: string): KnownServer | undefined {
    const record = this.#records.get(serverId);
    const entity = this.parts.entities.get(entityIdOf(serverId));
    return record || entity ? { serverId, record, entity } : undefined;
  }

  /** Throws NOT_FOUND. */
  get(serverId: string): KnownServer {
    const server = this.find(serverId);
    if (!server)
      throw new LabkeeperError('NOT_FOUND', `There is no server '${serverId}'.`, { field: 'server_id' });
    return server;
  }

  /** Throws CONFLICT for a server that is known already, also for one that appeared by itself. */
  async register(input: ServerInput): Promise<void> {
    if (this.find(input.server_id)) {
      throw new LabkeeperError(
        'CONFLICT',
        `There is a server '${input.server_id}' already; change it with PUT.`,
        {
          field: 'server_id',
        },
      );
    }
    // Spoken of, not seen: other things may depend on it from now on.
    await this.parts.entities.declare({ id: entityIdOf(input.server_id), displayName: input.display_name });
    await this.#store(input.server_id, registered(input, this.parts.clock.now()));
  }

  /** Throws NOT_FOUND, and CONFLICT for an attempt to change the id. */
  async change(serverId: string, change: ServerChange): Promise<void> {
    const { record } = this.get(serverId);
    if (change.server_id !== undefined && change.server_id !== serverId) {
      throw new LabkeeperError('CONFLICT', 'The id of a server cannot be changed.', { field: 'server_id' });
    }
    await this.#store(serverId, changed(record, change));
  }

  /** Removes what people said and what is known of it. One that is still reported comes back. Throws NOT_FOUND. */
  async remove(serverId: string): Promise<void> {
    this.get(serverId);
    await this.#collection.delete(serverId);
    this.#records.delete(serverId);
    await this.parts.entities.remove(entityIdOf(serverId));
    this.parts.onChange(serverId);
  }

  async #store(serverId: string, record: ServerRecord): Promise<void> {
    await this.#collection.put(serverId, record);
    this.#records.set(serverId, record);
    this.parts.onChange(serverId);
  }

  async #loadAll(): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.#collection.list({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
      for (const { key, value } of page.records) this.#records.set(key, value);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
}

export function entityIdOf(serverId: string): EntityId {
  return `server:${serverId}`;
}
