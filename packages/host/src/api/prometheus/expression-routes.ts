import { expressionTree, parseExpression, prettyExpression } from '@labkeeper/promql';
import { reading } from '../access/route-access.js';
import type { ApiApp } from '../api-context.js';
import { sendData } from './answer.js';
import { Parameters } from './parameters.js';
import { prometheusSchema } from './route-schema.js';

/** `format_query` and `parse_query`: an expression laid out, and as a tree, for editors. */
export function expressionRoutes(app: ApiApp): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/format_query',
    config: reading('viewer'),
    schema: prometheusSchema('An expression, laid out'),
    handler: async (request, reply) =>
      sendData(reply, prettyExpression(parseExpression(new Parameters(request).needed('query')))),
  });

  app.route({
    method: ['GET', 'POST'],
    url: '/parse_query',
    config: reading('viewer'),
    schema: prometheusSchema('An expression as a tree'),
    handler: async (request, reply) =>
      sendData(reply, expressionTree(parseExpression(new Parameters(request).needed('query')))),
  });
}
