import { Type } from '@labkeeper/core';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { readable } from '../access/route-access.js';
import type { ApiApp } from '../api-context.js';
import { DOCUMENTATION_PATH, type DocumentationApp } from './documentation-app.js';

/** `/api/openapi.json`, and pages to read and try it at `/api/docs`. `routes` is complete when the first request comes. */
export function documentationRoutes(app: ApiApp, routes: readonly RouteOptions[], version: string): void {
  let building: Promise<DocumentationApp> | undefined;
  let text: string | undefined;
  const build = async () => {
    const { documentationApp } = await import('./documentation-app.js');
    building ??= documentationApp(routes, version);
    return await building;
  };

  app.get(
    '/api/openapi.json',
    {
      config: readable('public'),
      schema: {
        summary: 'This document',
        tags: ['documentation'],
        response: {
          200: Type.Unsafe<object>({
            type: 'object',
            description: 'OpenAPI 3.1',
            additionalProperties: true,
          }),
        },
      },
    },
    async (_, reply) => {
      text ??= JSON.stringify((await build()).document);
      return reply
        .type('application/json; charset=utf-8')
        .serializer((value: unknown) => value as string)
        .send(text as unknown as object);
    },
  );

  const pages = async (request: FastifyRequest, reply: FastifyReply) => {
    const documentation = await build();
    // The other application answers in full, headers and all.
    reply.hijack();
    documentation.app.routing(request.raw, reply.raw);
  };
  app.get(DOCUMENTATION_PATH, { config: readable('public') }, pages);
  app.get(`${DOCUMENTATION_PATH}/*`, { config: readable('public') }, pages);
  app.addHook('onClose', async () => (await building)?.app.close());
}
