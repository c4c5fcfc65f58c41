import type { EntityId } from '@labkeeper/core';
import type { CheckStatus, Engine } from '@labkeeper/engine';

/** Parents of parents: a container in a VM on a node is three. More is a circle. */
const MAX_DEPTH = 8;

/** What is asked of entities. */
export type EntityLookup = Pick<Engine['entities'], 'get'>;

/** The server on which a check's entity runs; see {@link serverOfEntity}. What the check itself depends on counts too. */
export function serverOfCheck(
  entities: EntityLookup,
  { entity, dependsOn }: Pick<CheckStatus, 'entity' | 'dependsOn'>,
): string | undefined {
  return serverAmongParents(entities, entity) ?? firstServer(dependsOn) ?? serverOfEntity(entities, entity);
}

/**
 * The server on which something runs: itself, the server among its parents, or the server it depends on.
 * Undefined for what belongs to no server, such as a site on the internet.
 */
export function serverOfEntity(entities: EntityLookup, entity: EntityId): string | undefined {
  return serverAmongParents(entities, entity) ?? firstServer(entities.get(entity)?.dependsOn ?? []);
}

/** The id of a server entity without its kind; undefined for an entity of another kind. */
export function serverIdOf(entity: EntityId): string | undefined {
  return entity.startsWith('server:') ? entity.slice('server:'.length) : undefined;
}

function serverAmongParents(entities: EntityLookup, entity: EntityId): string | undefined {
  let current: EntityId | undefined = entity;
  for (let depth = 0; current !== undefined && depth < MAX_DEPTH; depth++) {
    const server = serverIdOf(current);
    if (server !== undefined) return server;
    current = entities.get(current)?.parent;
  }
  return undefined;
}

function firstServer(entities: readonly EntityId[]): string | undefined {
  return entities.map(serverIdOf).find((server) => server !== undefined);
}
