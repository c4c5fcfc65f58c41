import type { EntityId, EntityObservation } from '@labkeeper/core';

/** The observations with one entity under another id, also where others name it as their parent or need. */
export function renameEntity(
  seen: readonly EntityObservation[],
  from: EntityId,
  to: EntityId,
): readonly EntityObservation[] {
  if (from === to) return seen;
  const renamed = (id: EntityId): EntityId => (id === from ? to : id);
  return seen.map((observation) => ({
    ...observation,
    id: renamed(observation.id),
    ...(observation.parent === undefined ? {} : { parent: renamed(observation.parent) }),
    ...(observation.dependsOn === undefined ? {} : { dependsOn: observation.dependsOn.map(renamed) }),
  }));
}
