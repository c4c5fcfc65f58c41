import { optionsObject, Type } from '@labkeeper/core';
import { cutPage } from '@labkeeper/engine';
import { changing, fieldOf, readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { pageQuery } from '../schemas/shape.js';
import { serverChange, serverInput, serverPage, serverParams, serverShape } from './server-shape.js';

const tags = ['servers'];

/** S2's registry: `/api/v1/servers`. */
export function serverRoutes(app: ApiApp, { registry, views }: ApiContext): void {
  const view = (serverId: string) => views.of(registry.get(serverId));

  app.get(
    '/api/v1/servers',
    {
      config: readable('viewer'),
      schema: {
        summary: 'All servers with their latest figures',
        tags,
        querystring: optionsObject(pageQuery),
        response: { 200: serverPage },
      },
    },
    ({ query }) => {
      const { items, total, nextCursor } = cutPage(
        registry.ids(),
        { list: 'servers', keyOf: (id) => id },
        query,
      );
      return { items: items.map(view), total, next_cursor: nextCursor ?? null };
    },
  );

  app.get(
    '/api/v1/servers/:server_id',
    {
      config: readable('viewer'),
      schema: { summary: 'One server', tags, params: serverParams, response: { 200: serverShape } },
    },
    ({ params }) => view(params.server_id),
  );

  app.post(
    '/api/v1/servers',
    {
      config: changing('operator', 'server.create', ({ body }) => fieldOf(body, 'server_id')),
      schema: {
        summary: 'Register a server',
        description: 'A server that is reported by a collector appears by itself and need not be registered.',
        tags,
        body: serverInput,
        response: { 201: serverShape },
      },
    },
    async ({ body }, reply) => {
      await registry.register(body);
      return reply
        .code(201)
        .header('location', `/api/v1/servers/${encodeURIComponent(body.server_id)}`)
        .send(view(body.server_id));
    },
  );
  changeRoutes(app, { registry, view });
}

function changeRoutes(
  app: ApiApp,
  {
    registry,
    view,
  }: Pick<ApiContext, 'registry'> & { view: (serverId: string) => ReturnType<ApiContext['views']['of']> },
): void {
  app.put(
    '/api/v1/servers/:server_id',
    {
      config: changing('operator', 'server.update', ({ params }) => fieldOf(params, 'server_id')),
      schema: {
        summary: 'Change what is said of a server',
        description: 'What is left out stays as it is. Null goes back to what a collector has found.',
        tags,
        params: serverParams,
        body: serverChange,
        response: { 200: serverShape },
      },
    },
    async ({ params, body }) => {
      await registry.change(params.server_id, body);
      return view(params.server_id);
    },
  );

  app.delete(
    '/api/v1/servers/:server_id',
    {
      config: changing('admin', 'server.delete', ({ params }) => fieldOf(params, 'server_id')),
      schema: {
        summary: 'Remove a server',
        description:
          'Its measurements stay until they are too old. A server that is still reported comes back by itself.',
        tags,
        params: serverParams,
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    async ({ params }, reply) => {
      await registry.remove(params.server_id);
      return reply.code(204).send(null);
    },
  );
}
