import {
  type Clock,
  type Collection,
  type CollectionDeclaration,
  type Entity,
  type EntityId,
  type EntityObservation,
  isEntityId,
  LabkeeperError,
  type RecordStore,
  type VerdictStatus,
} from '@labkeeper/core';
import type { EventBus, Redactor } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import { cutPage, type ListPage, type PageRequest, readAll } from '../paging.js';
import { DependencyGraph } from './dependency-graph.js';
import type { Entities } from './entities.js';
import { mergeEntity } from './merge-entity.js';

const ENTITIES: CollectionDeclaration = { name: 'entities', indexes: { kind: 'text' } };
/** When each entity was last seen: one record for all, because it changes with every collection and nobody searches it. */
const SIGHTINGS: CollectionDeclaration = { name: 'entity_sightings' };
const SIGHTINGS_KEY = 'all';

type Sightings = Readonly<Record<string, number>>;

/** What checks know of entities. */
export interface EntityChecks {
  /** Worst confirmed status of the entity's checks. */
  statusOf(id: EntityId): VerdictStatus;
  /** What checks of the entity declare as needed. */
  dependenciesOf(id: EntityId): Iterable<EntityId>;
}

interface EntityBookParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly events: EventBus<EngineEvents>;
  readonly redactor: Redactor;
  readonly checks: EntityChecks;
}

function assertId(id: string): void {
  if (isEntityId(String(id))) return;
  throw new LabkeeperError('BAD_REQUEST', `'${id}' is not an entity id such as server:nas`, { field: 'id' });
}

/** The entities in memory, with a copy in the store. */
export class EntityBook implements Entities {
  readonly graph: DependencyGraph;
  readonly #known = new Map<EntityId, Entity>();
  readonly #lastSeenMs = new Map<EntityId, number>();
  /** Changed and not yet written, because the store was away. */
  readonly #unwritten = new Set<EntityId>();
  readonly #collection: Collection<Entity>;
  readonly #sightings: Collection<Sightings>;
  #hasNewSightings = false;
  #writing: Promise<void> | undefined;

  constructor(private readonly parts: EntityBookParts) {
    this.#collection = parts.records.collection<Entity>(ENTITIES);
    this.#sightings = parts.records.collection<Sightings>(SIGHTINGS);
    this.graph = new DependencyGraph(
      (id) => this.#known.get(id),
      (id) => parts.checks.dependenciesOf(id),
    );
  }

  /** Reads what was known at the last stop. */
  async load(): Promise<void> {
    for await (const entity of readAll(this.#collection)) {
      this.#known.set(entity.id, entity);
      this.#lastSeenMs.set(entity.id, entity.lastSeenMs);
    }
    const sightings = (await this.#sightings.get(SIGHTINGS_KEY))?.value ?? {};
    for (const [id, seenMs] of Object.entries(sightings)) {
      if (this.#known.has(id as EntityId)) this.#lastSeenMs.set(id as EntityId, seenMs);
    }
  }

  async observe(seen: EntityObservation): Promise<Entity> {
    assertId(seen.id);
    await this.observeAll([seen]);
    return this.#dated(this.#known.get(seen.id) as Entity);
  }

  async declare(said: EntityObservation): Promise<Entity> {
    assertId(said.id);
    await this.declareAll([said]);
    return this.#dated(this.#known.get(said.id) as Entity);
  }

  /** The same for all that one collection saw, in one write. Called after every collection; ids have been checked. */
  async observeAll(seen: readonly EntityObservation[]): Promise<void> {
    const nowMs = Math.round(this.parts.clock.now());
    const changes = seen.map((observation) => ({ id: observation.id, change: this.#merge(observation) }));
    for (const { id } of seen) this.touch(id, nowMs);
    await this.#write();
    for (const { id, change } of changes) this.#tell(id, change);
  }

  /** The same for all that a file says. */
  async declareAll(said: readonly EntityObservation[]): Promise<void> {
    const changes = said.map((observation) => ({ id: observation.id, change: this.#merge(observation) }));
    await this.#write();
    for (const { id, change } of changes) if (change !== 'seen') this.#tell(id, change);
  }

  /** When each entity that there is was last seen. */
  lastSeen(): Iterable<readonly [EntityId, number]> {
    return this.#lastSeenMs;
  }

  /** A check has reached the entity. Only remembered; called after every good result. */
  touch(id: EntityId, seenMs: number): void {
    this.#lastSeenMs.set(id, seenMs);
    this.#hasNewSightings = true;
  }

  /** Writes when entities were last seen. Called every few minutes and at the end. */
  async writeSightings(): Promise<void> {
    await this.#write();
    if (!this.#hasNewSightings) return;
    this.#hasNewSightings = false;
    const sightings: Record<string, number> = {};
    for (const id of this.#known.keys()) sightings[id] = this.#lastSeenMs.get(id) ?? 0;
    await this.#sightings.put(SIGHTINGS_KEY, sightings);
  }

  get(id: EntityId): Entity | undefined {
    const entity = this.#known.get(id);
    return entity && this.#dated(entity);
  }

  list(filter: { readonly kind?: string } = {}, page?: PageRequest): ListPage<Entity> {
    const found = [...this.#known.values()].filter(
      ({ kind }) => filter.kind === undefined || kind === filter.kind,
    );
    found.sort((a, b) => (a.id < b.id ? -1 : 1));
    const { items, ...rest } = cutPage(found, { list: 'entities', keyOf: ({ id }) => id }, page);
    return { ...rest, items: items.map((entity) => this.#dated(entity)) };
  }

  get size(): number {
    return this.#known.size;
  }

  async remove(id: EntityId): Promise<boolean> {
    const isKnown = this.#known.has(id);
    await this.#collection.delete(id);
    this.#known.delete(id);
    this.#lastSeenMs.delete(id);
    this.#unwritten.delete(id);
    if (isKnown) this.parts.events.emit('entity.removed', { id });
    return isKnown;
  }

  statusOf(id: EntityId): VerdictStatus {
    return this.parts.checks.statusOf(id);
  }

  dependentsOf(id: EntityId): readonly EntityId[] {
    return this.graph.dependentsOf(id, this.#known.keys());
  }

  /** The nearest thing it needs that is down, if any: the reason why nobody need be told of its own trouble. */
  downAncestorOf(id: EntityId): EntityId | undefined {
    return this.graph.ancestorsOf(id).find((ancestor) => this.statusOf(ancestor) === 'down');
  }

  #merge(observation: EntityObservation): 'new' | 'changed' | 'seen' {
    const before = this.#known.get(observation.id);
    const safe = this.parts.redactor.redactValue(observation) as EntityObservation;
    const merged = mergeEntity(before, safe, Math.round(this.parts.clock.now()));
    if (merged === before) return 'seen';
    this.#known.set(merged.id, merged);
    this.#unwritten.add(merged.id);
    return before ? 'changed' : 'new';
  }

  /** Writes what has changed, one write at a time. Rejects when the store is away; what is left then goes with the next one. */
  async #write(): Promise<void> {
    while (this.#unwritten.size > 0) {
      this.#writing ??= this.#writeNow().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #writeNow(): Promise<void> {
    const entities = [...this.#unwritten].flatMap((id) => this.#known.get(id) ?? []);
    await this.parts.records.transaction(async (transaction) => {
      const collection = transaction.collection<Entity>(ENTITIES);
      for (const entity of entities) await collection.put(entity.id, this.#dated(entity));
    });
    // One that changed again meanwhile is another object and stays.
    for (const entity of entities)
      if (this.#known.get(entity.id) === entity) this.#unwritten.delete(entity.id);
  }

  #tell(id: EntityId, change: 'new' | 'changed' | 'seen'): void {
    const entity = this.get(id);
    if (entity) this.parts.events.emit('entity.seen', { entity, change });
  }

  #dated(entity: Entity): Entity {
    return { ...entity, lastSeenMs: this.#lastSeenMs.get(entity.id) ?? entity.lastSeenMs };
  }
}
