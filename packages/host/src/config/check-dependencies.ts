import type { EntityId, Fault } from '@labkeeper/core';
import { nearestName } from '@labkeeper/core/runtime';
import type { ConfigPath } from './config-path.js';

/** One `depends_on` of the file: `from` depends on `to`, written at `path`. */
export interface DependencyEdge {
  readonly from: EntityId;
  readonly to: EntityId;
  readonly path: ConfigPath;
}

/**
 * Entities that are named as a dependency and come from nowhere in the file. Only warnings: a collector may see them
 * once it runs, and that cannot be known beforehand.
 */
export function unknownEntities(edges: readonly DependencyEdge[], known: ReadonlySet<string>): Fault[] {
  return edges
    .filter(({ to }) => !known.has(to))
    .map(({ to, path }) => {
      const nearest = nearestName(to, [...known]);
      return {
        code: 'CONFIG_UNKNOWN_ENTITY' as const,
        path,
        message: `Nothing in the file provides \`${to}\`. It counts as soon as something reports it.`,
        found: to,
        ...(nearest === undefined ? {} : { nearest }),
      };
    });
}

/** One fault for each circle of dependencies, at the `depends_on` that closes it. */
export function dependencyCycles(edges: readonly DependencyEdge[]): Fault[] {
  const edgesFrom = groupByFrom(edges);
  const done = new Set<EntityId>();
  const trail: EntityId[] = [];
  const faults: Fault[] = [];
  const visit = (entity: EntityId): void => {
    trail.push(entity);
    for (const edge of edgesFrom.get(entity) ?? []) {
      if (trail.includes(edge.to)) faults.push(cycleFault(edge, trail));
      else if (!done.has(edge.to)) visit(edge.to);
    }
    trail.pop();
    done.add(entity);
  };
  for (const entity of edgesFrom.keys()) if (!done.has(entity)) visit(entity);
  return faults;
}

function cycleFault({ to, path }: DependencyEdge, trail: readonly EntityId[]): Fault {
  const circle = [...trail.slice(trail.indexOf(to)), to];
  return {
    code: 'CONFIG_CYCLE',
    path,
    message: `These depend on each other in a circle: ${circle.join(' → ')}.`,
  };
}

function groupByFrom(edges: readonly DependencyEdge[]): Map<EntityId, DependencyEdge[]> {
  const groups = new Map<EntityId, DependencyEdge[]>();
  for (const edge of edges) {
    const group = groups.get(edge.from);
    if (group) group.push(edge);
    else groups.set(edge.from, [edge]);
  }
  return groups;
}
