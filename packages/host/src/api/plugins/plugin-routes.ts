import { LabkeeperError, type RouteContext, type RouteSet } from '@labkeeper/core';
import { pluginStore } from '@labkeeper/engine';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { actorOf, isReading, type RouteAccess } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import type { PluginRoutes } from '../api-parts.js';

/** Roots that are Labkeeper's own; a plugin cannot have them, nor anything below. */
const OWN_ROOTS = ['api', 'prometheus', 'plugins', 'agent', 'metrics', 'health', 'assets', 'elements.js'];

/** One name or more, so that a root is never the root of everything. */
const ROOT = /^(?:\/[a-z0-9][a-z0-9._-]*)+$/;

/**
 * Lets plugins answer under `/plugins/<plugin>/` and the roots that they claim. Throws PLUGIN_DUPLICATE for a root that is taken, also
 * in part: an address that answers differently after an update of some plugin would be worse than no start. Throws PLUGIN_BROKEN for
 * what is no root.
 */
export async function pluginRoutes(app: ApiApp, context: ApiContext): Promise<void> {
  const owners = new Map(OWN_ROOTS.map((name) => [name, 'Labkeeper']));
  for (const routes of context.routes) {
    for (const root of routes.set.roots ?? []) claim(root, routes, owners);
    for (const root of [`/plugins/${routes.plugin}`, ...(routes.set.roots ?? [])])
      await registerUnder(root, { app, routes, context });
  }
}

/** Whoever has one address below a name has all of them. */
function claim(root: string, { plugin }: PluginRoutes, owners: Map<string, string>): void {
  if (!ROOT.test(root))
    throw new LabkeeperError(
      'PLUGIN_BROKEN',
      `the plugin '${plugin}' wants to answer under '${root}', which is no root`,
      {
        ...{ found: root, allowed: 'a path such as /alertmanager' },
      },
    );
  const name = root.split('/')[1] ?? '';
  const owner = owners.get(name) ?? plugin;
  if (owner !== plugin)
    throw new LabkeeperError(
      'PLUGIN_DUPLICATE',
      `the plugin '${plugin}' wants to answer under ${root}, and /${name} belongs to ${owner}`,
      { found: root },
    );
  owners.set(name, plugin);
}

async function registerUnder(
  root: string,
  {
    app,
    routes,
    context,
  }: { readonly app: ApiApp; readonly routes: PluginRoutes; readonly context: ApiContext },
): Promise<void> {
  await app.register(
    async (scope) => {
      scope.addHook('onRoute', (route) => declareAccess(route, routes.set));
      await routes.set.register(scope as unknown as FastifyInstance, routeContext(root, routes, context));
    },
    { prefix: root },
  );
}

/** Every route of a plugin asks for a key as its set says, and every change leaves its row. The plugin cannot say otherwise. */
function declareAccess(route: RouteOptions, { name, permission }: RouteSet): void {
  const doesOnlyRead = [route.method].flat().every(isReading);
  const { takesIn = false } = (route.config ?? {}) as { readonly takesIn?: boolean };
  const access: RouteAccess = {
    permission: permission === 'operator' && doesOnlyRead ? 'viewer' : permission,
    ...traceOf(name, { doesOnlyRead, takesIn }),
  };
  route.config = { ...route.config, ...access };
  route.schema = { ...route.schema, hide: true };
}

function traceOf(
  name: string,
  { doesOnlyRead, takesIn }: { readonly doesOnlyRead: boolean; readonly takesIn: boolean },
): Pick<RouteAccess, 'audit' | 'unaudited'> {
  if (doesOnlyRead) return {};
  if (takesIn) return { unaudited: 'measurements' };
  return { audit: { action: `${name}.request`, target: targetOf } };
}

function targetOf(request: FastifyRequest): string {
  return `${request.method} ${request.url.split('?', 1)[0] ?? ''}`;
}

function routeContext(root: string, { plugin }: PluginRoutes, context: ApiContext): RouteContext {
  const { version, startedAtMs, log, clock, storage, engine } = context;
  return {
    ...{ root, version, startedAtMs, clock },
    log: log.child({ plugin }),
    store: pluginStore(plugin, storage.records),
    query: engine.query,
    alerts: engine.alertsClient,
    actorOf: (request) => actorOf(request as FastifyRequest),
  };
}
