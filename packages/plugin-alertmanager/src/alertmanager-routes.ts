import type { RouteContext, RouteSet } from '@labkeeper/core';
import type { FastifyInstance } from 'fastify';
import { answerErrors } from './answer-errors.js';
import { alertRoutes } from './api/alert-routes.js';
import { silenceRoutes } from './api/silence-routes.js';
import { statusRoutes } from './api/status-routes.js';
import { webhookRoutes } from './webhook-routes.js';

/** Where Alertmanager's own API begins: what `path_prefix` of Prometheus and `--alertmanager.url` of amtool name. */
const API_ROOT = '/alertmanager';
/** Where an Alertmanager sends what it would send to any webhook. */
const WEBHOOK_ROOT = '/webhook';

/** Alertmanager's API v2 and its webhook, on Labkeeper's own alerts. */
export const alertmanagerRoutes: RouteSet = {
  name: 'alertmanager',
  roots: [API_ROOT, WEBHOOK_ROOT],
  permission: 'operator',
  register: async (server, context) => {
    const scope = server as FastifyInstance;
    answerErrors(scope);
    if (context.root === WEBHOOK_ROOT) webhookRoutes(scope, context);
    if (context.root === API_ROOT) registerApi(scope, context);
  },
};

function registerApi(scope: FastifyInstance, context: RouteContext): void {
  statusRoutes(scope, context);
  alertRoutes(scope, context);
  silenceRoutes(scope, context);
}
