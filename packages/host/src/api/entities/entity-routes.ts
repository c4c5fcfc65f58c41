import { LabkeeperError, optionsObject, Type } from '@labkeeper/core';
import { readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { pageQuery } from '../schemas/shape.js';
import { entityIdField, readEntityId } from './entity-id.js';
import { entityPage, entityShape, entityView } from './entity-shape.js';

const tags = ['entities'];

const entityQuery = optionsObject({
  kind: Type.Optional(Type.String({ maxLength: 60, examples: ['server'], description: 'Only this kind.' })),
  ...pageQuery,
});

/** `/api/v1/entities`: everything that is watched. */
export function entityRoutes(app: ApiApp, { engine }: ApiContext): void {
  const { entities } = engine;

  app.get(
    '/api/v1/entities',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Everything that is watched',
        tags,
        querystring: entityQuery,
        response: { 200: entityPage },
      },
    },
    ({ query }) => {
      const { kind, limit, cursor } = query;
      const { items, total, nextCursor } = entities.list(kind === undefined ? {} : { kind }, {
        limit,
        cursor,
      });
      return {
        items: items.map((entity) => entityView(entity, entities.statusOf(entity.id))),
        total,
        next_cursor: nextCursor ?? null,
      };
    },
  );

  app.get(
    '/api/v1/entities/:entity_id',
    {
      config: readable('viewer'),
      schema: {
        summary: 'One entity',
        description: 'A `/` in the id is written as %2F.',
        tags,
        params: Type.Object({ entity_id: entityIdField }),
        response: { 200: entityShape },
      },
    },
    ({ params }) => {
      const entity = entities.get(readEntityId(params.entity_id));
      if (!entity)
        throw new LabkeeperError('NOT_FOUND', `There is no entity '${params.entity_id}'.`, {
          field: 'entity_id',
        });
      return entityView(entity, entities.statusOf(entity.id));
    },
  );
}
