import { type Entity, type EntityObservation, splitEntityId } from '@labkeeper/core';

/** A stored entity with what was seen of it now. The same object comes back when nothing but the time is new. */
export function mergeEntity(before: Entity | undefined, seen: EntityObservation, nowMs: number): Entity {
  const { kind, name } = splitEntityId(seen.id);
  const base: Entity = before ?? {
    id: seen.id,
    kind,
    name,
    displayName: name,
    dependsOn: [],
    attributes: {},
    labels: {},
    firstSeenMs: nowMs,
    lastSeenMs: 0,
  };
  const merged: Entity = {
    ...base,
    displayName: seen.displayName ?? base.displayName,
    dependsOn: seen.dependsOn ?? base.dependsOn,
    attributes: mergeFields(base.attributes, seen.attributes),
    labels: mergeFields(base.labels, seen.labels),
    ...(seen.parent === undefined ? {} : { parent: seen.parent }),
  };
  return before && isSame(before, merged) ? before : merged;
}

function mergeFields<Value>(
  before: Readonly<Record<string, Value>>,
  seen: Readonly<Record<string, Value>> | undefined,
): Readonly<Record<string, Value>> {
  if (!seen || Object.entries(seen).every(([key, value]) => before[key] === value)) return before;
  return { ...before, ...seen };
}

function isSame(a: Entity, b: Entity): boolean {
  return (
    a.displayName === b.displayName &&
    a.parent === b.parent &&
    a.attributes === b.attributes &&
    a.labels === b.labels &&
    a.dependsOn.join('\n') === b.dependsOn.join('\n')
  );
}
