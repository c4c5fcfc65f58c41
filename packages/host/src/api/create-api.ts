import { describeError } from '@labkeeper/core';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { AttemptThrottle } from './access/attempt-throttle.js';
import { authenticate } from './access/authenticate.js';
import { limitRates } from './access/limit-rates.js';
import { refuseUnlessRunning } from './access/refuse-unless-running.js';
import { undeclaredRoutes } from './access/route-access.js';
import { addSecurityHeaders } from './access/security-headers.js';
import { alertRoutes } from './alerts/alert-routes.js';
import { maintenanceRoutes } from './alerts/maintenance-routes.js';
import { silenceRoutes } from './alerts/silence-routes.js';
import type { ApiApp, ApiContext } from './api-context.js';
import type { ApiParts } from './api-parts.js';
import { auditRoutes } from './audit/audit-routes.js';
import { ANONYMOUS_ROWS, recordChanges } from './audit/record-changes.js';
import { checkRoutes } from './checks/check-routes.js';
import { createContext } from './create-context.js';
import { createServer } from './create-server.js';
import { documentationRoutes } from './documentation/documentation-routes.js';
import { entityRoutes } from './entities/entity-routes.js';
import { answerUnknown, explainUnknown, handleErrors } from './errors/handle-errors.js';
import type { ChangeFeed } from './live/change-feed.js';
import { liveRoutes } from './live/live-routes.js';
import { metricsRoutes } from './metrics/metrics-routes.js';
import { pageRoutes } from './page/page-routes.js';
import { pluginRoutes } from './plugins/plugin-routes.js';
import { prometheusRoutes } from './prometheus/prometheus-routes.js';
import { thresholdRoutes } from './rules/threshold-routes.js';
import { serverRoutes } from './servers/server-routes.js';
import { sessionRoutes } from './session/session-routes.js';
import { exportRoutes } from './system/export-routes.js';
import { systemRoutes } from './system/system-routes.js';

/** How long a stop waits for requests that are being answered. The whole host has 5 s for everything. */
const CLOSE_LIMIT_MS = 500;

/** The API and the pages. */
export interface Api {
  /** Begins to listen; resolves with the address. Rejects with the system's error when it cannot be used. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Ends streams, waits a moment for what is being answered, and leaves no socket or timer. Idempotent. */
  close(): Promise<void>;
  /** The framework's server, for tests and for plugins' routes. */
  readonly server: FastifyInstance;
}

/**
 * Puts the API together, on an engine that need not have started. Reads the registry of servers; rejects with what the
 * storage throws. While `phase` says so, requests are answered with 503.
 */
export async function createApi(parts: ApiParts): Promise<Api> {
  const { context, feed } = createContext(parts);
  feed.start();
  await context.registry.load();
  loadLatest(context);
  const app = createServer(context);
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  await addHooks(app, context);
  await addRoutes(app, context, { feed, routes });
  const undeclared = undeclaredRoutes(routes);
  if (undeclared.length > 0)
    throw new Error(`routes without a permission or an audit note: ${undeclared.join('; ')}`);
  await app.ready();
  return {
    listen: (address) => app.listen(address),
    close: () => close(app, context, feed),
    server: app as unknown as FastifyInstance,
  };
}

/** What every request passes, in this order. */
async function addHooks(app: ApiApp, context: ApiContext): Promise<void> {
  const { clock, engine, log } = context;
  handleErrors(app as unknown as FastifyInstance, context);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    // Answers are about this moment and for one key.
    if (request.url.startsWith('/api/v1/')) void reply.header('cache-control', 'no-store');
  });
  await addSecurityHeaders(app, context.settings);
  await app.register((await import('@fastify/cookie')).default);
  app.addHook('onRequest', refuseUnlessRunning(context.phase));
  app.addHook('onRequest', authenticate(context));
  await limitRates(app);
  // Routes whose fields may all be left out may be called without a body.
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.schema?.body !== undefined && request.body === undefined) request.body = {};
  });
  app.addHook(
    'onSend',
    recordChanges({ audit: engine.audit, log, anonymousRows: new AttemptThrottle(clock, ANONYMOUS_ROWS) }),
  );
}

async function addRoutes(
  app: ApiApp,
  context: ApiContext,
  { feed, routes }: { feed: ChangeFeed; routes: readonly RouteOptions[] },
): Promise<void> {
  systemRoutes(app, context);
  exportRoutes(app, context);
  sessionRoutes(app, context);
  serverRoutes(app, context);
  metricsRoutes(app, context);
  entityRoutes(app, context);
  checkRoutes(app, context);
  alertRoutes(app, context);
  silenceRoutes(app, context);
  maintenanceRoutes(app, context);
  thresholdRoutes(app, context);
  auditRoutes(app, context);
  liveRoutes(app, context, () => feed.watch());
  const explain = explainUnknown(routes);
  await prometheusRoutes(app, context, explain);
  await pluginRoutes(app, context);
  documentationRoutes(app, routes, context.version);
  const answerPage = await pageRoutes(app, context);
  answerUnknown(app as unknown as FastifyInstance, { ...context, explain, answerPage });
}

/** In the background: figures fill in by themselves within one collection, and a slow store must not hold up the start. */
function loadLatest({ latest, storage, clock, log }: ApiContext): void {
  latest.load(storage.samples, clock.now()).catch((error: unknown) => {
    log.warn('The latest figures could not be read; they come with the next collection.', {
      reason: describeError(error),
    });
  });
}

async function close(app: ApiApp, { hub, monitor, clock }: ApiContext, feed: ChangeFeed): Promise<void> {
  feed.stop();
  hub.close();
  monitor.stop();
  const limit = clock.setTimer(() => app.server.closeAllConnections(), CLOSE_LIMIT_MS);
  await app.close();
  // The framework closes what it opened. The host gives the server a port of its own, and that ends here.
  if (app.server.listening) await closeServer(app);
  limit.cancel();
}

function closeServer({ server }: ApiApp): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
