import cors, { type FastifyCorsOptions } from '@fastify/cors';
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { ApiSettings } from '../api-parts.js';
import { CROSS_SITE_HEADER } from './authenticate.js';

/** Browsers ask again for permission after this long. */
const PREFLIGHT_AGE_S = 600;

/** Headers that tell browsers what pages may do. `isTls`: people reach the host by https. */
export async function addSecurityHeaders(app: FastifyInstance, settings: () => ApiSettings): Promise<void> {
  await app.register(helmet, helmetOptions(settings));
  await app.register(cors, corsOptions(settings));
}

function helmetOptions(settings: () => ApiSettings): FastifyHelmetOptions {
  const isTls = isHttps(settings());
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'self'"],
        'connect-src': ["'self'"],
        'font-src': ["'self'", 'data:'],
        'form-action': ["'self'"],
        // Home dashboards show pages in frames; those named in the file may.
        'frame-ancestors': ["'self'", () => settings().allowedOrigins.join(' ')],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'script-src': ["'self'"],
        'script-src-attr': ["'none'"],
        // Bars and charts set their sizes by style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
      },
    },
    // For old browsers; those that know frame-ancestors ignore it.
    frameguard: { action: 'sameorigin' },
    referrerPolicy: { policy: 'same-origin' },
    // On plain http, which is usual in a home, these would only fill the browser's console, and HSTS would lock people out.
    hsts: isTls,
    crossOriginOpenerPolicy: isTls,
    originAgentCluster: isTls,
    crossOriginResourcePolicy: { policy: 'same-origin' },
  };
}

function corsOptions(settings: () => ApiSettings): FastifyCorsOptions {
  return {
    origin: (origin, decide) =>
      decide(null, origin !== undefined && settings().allowedOrigins.includes(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['content-type', 'x-api-key', 'authorization', 'last-event-id', CROSS_SITE_HEADER],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // Foreign pages use a key. The cookie is for our own pages only.
    credentials: false,
    strictPreflight: false,
    maxAge: PREFLIGHT_AGE_S,
    hideOptionsRoute: true,
  };
}

/** True when people reach the host by https. */
export function isHttps({ publicUrl }: ApiSettings): boolean {
  return publicUrl?.startsWith('https://') ?? false;
}
