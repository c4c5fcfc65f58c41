import type { FastifyInstance, RouteOptions } from 'fastify';
import { isReading, type Permission } from '../access/route-access.js';
import { errorShape } from '../errors/error-shape.js';
import { PROMETHEUS_ROOT, prometheusErrorShape } from '../prometheus/route-schema.js';
import { hoistSchemas } from './hoist-schemas.js';

/** Where people read the documentation. */
export const DOCUMENTATION_PATH = '/api/docs';

const REFUSALS = {
  400: 'The request cannot be understood.',
  401: 'The key or session is missing or not valid.',
  403: 'The role of the key does not allow this.',
  404: 'There is no such thing.',
  409: 'It exists already, or is in a state that does not allow this.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is not application/json.',
  422: 'A field does not fit the schema; all faults are listed.',
  429: 'Too many requests; wait as long as Retry-After says.',
  500: 'A fault in Labkeeper; the log has the details under the request id.',
  503: 'Labkeeper is starting or stopping, or its storage is away.',
} as const;

/** What these pages may load: their own files. The library's own policy would allow all of https; its styles are inline. */
const CONTENT_POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/** An application that knows all routes and serves nothing but their documentation. */
export interface DocumentationApp {
  readonly app: FastifyInstance;
  /** The OpenAPI 3.1 document. */
  readonly document: object;
}

/**
 * Builds the documentation of these routes. Its libraries are large and asked for rarely, so they are loaded here, at the
 * first request, and live in an application of their own. Everything the pages need comes with them; nothing is fetched
 * from elsewhere.
 */
export async function documentationApp(
  routes: readonly RouteOptions[],
  version: string,
): Promise<DocumentationApp> {
  const [{ fastify }, { default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const app = fastify({ exposeHeadRoutes: false });
  // These routes are never called; only their schemas are read.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  let document: object | undefined;
  await app.register(swagger, { openapi: head(version) });
  await app.register(swaggerUi, {
    routePrefix: DOCUMENTATION_PATH,
    staticCSP: CONTENT_POLICY,
    uiConfig: { deepLinking: true, persistAuthorization: false, tryItOutEnabled: true },
    transformSpecification: () => (document ??= finish(app)),
  });
  for (const route of routes.filter(isDocumented)) app.route(described(route));
  await app.ready();
  document = finish(app);
  return { app, document };
}

function finish(app: FastifyInstance): object {
  // Through text, because schemas carry more than JSON and the document must not share them.
  return hoistSchemas(JSON.parse(JSON.stringify(app.swagger())) as Parameters<typeof hoistSchemas>[0]);
}

function head(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Labkeeper',
      description:
        'Watches a homelab or a server room. Send a key as X-API-Key; `labkeeper keys add` makes one.',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same key.' },
        basic: { type: 'http', scheme: 'basic', description: 'The same key as the password; any name.' },
        session: { type: 'apiKey', in: 'cookie', name: 'labkeeper_session' },
      },
    },
  } as const;
}

function isDocumented({ url, method, schema }: RouteOptions): boolean {
  return (
    schema !== undefined && method !== 'HEAD' && !url.includes('*') && !url.startsWith(DOCUMENTATION_PATH)
  );
}

/** A route as the document shows it: with its role, and with the refusals that are possible. */
function described(route: RouteOptions): RouteOptions {
  const permission = route.config?.permission ?? 'admin';
  const { schema = {}, url, method } = route;
  const response = { ...(schema.response as object), ...refusals(route, permission) };
  const description = [
    schema.description,
    permission === 'public' ? 'Needs no key.' : `Needs the role ${permission}.`,
  ]
    .filter((text) => text !== undefined)
    .join(' ');
  const security: Record<string, string[]>[] =
    permission === 'public' ? [] : [{ key: [] }, { bearer: [] }, { basic: [] }, { session: [] }];
  return { url, method, schema: { ...schema, description, security, response }, handler: () => undefined };
}

function refusals(
  { schema = {}, url, method }: RouteOptions,
  permission: Permission,
): Record<number, object> {
  const hasParams = url.includes(':');
  const isChange = ![method].flat().every(isReading);
  const statuses: (keyof typeof REFUSALS)[] = [
    ...(permission === 'public' ? [] : ([401, 403] as const)),
    ...(hasParams ? ([404] as const) : []),
    ...(schema.querystring || schema.body ? ([400, 422] as const) : []),
    ...(schema.body ? ([413, 415] as const) : []),
    ...(isChange && permission !== 'public' ? ([409] as const) : []),
    429,
    500,
    503,
  ];
  const body = url.startsWith(PROMETHEUS_ROOT) ? prometheusErrorShape : errorShape;
  return Object.fromEntries(statuses.map((status) => [status, { ...body, description: REFUSALS[status] }]));
}
