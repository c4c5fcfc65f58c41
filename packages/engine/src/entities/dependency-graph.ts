import type { Entity, EntityId } from '@labkeeper/core';

/** Who needs whom. Reads the entities at every question: they are few, and a copy would have to be kept true. */
export class DependencyGraph {
  /** `extra` are dependencies that a check declares for its entity. */
  constructor(
    private readonly entity: (id: EntityId) => Entity | undefined,
    private readonly extra: (id: EntityId) => Iterable<EntityId>,
  ) {}

  /** Everything the entity needs, directly or through others, nearest first. Circles end by themselves. */
  ancestorsOf(id: EntityId): readonly EntityId[] {
    const found = new Set<EntityId>([id]);
    // A set is walked in the order of insertion, also over what is added on the way: breadth first.
    for (const current of found) for (const needed of this.#needs(current)) found.add(needed);
    found.delete(id);
    return [...found];
  }

  /** Those among `candidates` that need the entity. */
  dependentsOf(id: EntityId, candidates: Iterable<EntityId>): readonly EntityId[] {
    return [...candidates].filter(
      (candidate) => candidate !== id && this.ancestorsOf(candidate).includes(id),
    );
  }

  *#needs(id: EntityId): Generator<EntityId> {
    const entity = this.entity(id);
    if (entity?.parent) yield entity.parent;
    yield* entity?.dependsOn ?? [];
    yield* this.extra(id);
  }
}
