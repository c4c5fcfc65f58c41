import { type Entity, type Static, Type, VERDICT_STATUSES, type VerdictStatus } from '@labkeeper/core';
import { choice, isoTime, mapOf, nullable, pageOf, scalar, shape, time } from '../schemas/shape.js';

export const entityShape = shape('Entity', {
  entity_id: Type.String({ examples: ['server:nas'] }),
  kind: Type.String(),
  name: Type.String(),
  display_name: Type.String(),
  parent: nullable(Type.String(), { description: 'The entity it is part of.' }),
  depends_on: Type.Array(Type.String()),
  attributes: mapOf(scalar),
  labels: mapOf(Type.String()),
  first_seen: time(),
  last_seen: nullable(time(), { description: 'Null for what is only spoken of.' }),
  status: choice(VERDICT_STATUSES, { description: 'Worst status of its checks; unknown without any.' }),
});

export type EntityView = Static<typeof entityShape>;

export const entityPage = pageOf('EntityPage', entityShape);

/** An entity as it travels. */
export function entityView(entity: Entity, status: VerdictStatus): EntityView {
  return {
    entity_id: entity.id,
    kind: entity.kind,
    name: entity.name,
    display_name: entity.displayName,
    parent: entity.parent ?? null,
    depends_on: [...entity.dependsOn],
    attributes: { ...entity.attributes },
    labels: { ...entity.labels },
    first_seen: isoTime(entity.firstSeenMs),
    last_seen: entity.lastSeenMs > 0 ? isoTime(entity.lastSeenMs) : null,
    status,
  };
}
