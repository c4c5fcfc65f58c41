import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readable } from '../access/route-access.js';
import type { ApiApp } from '../api-context.js';

/** Names of built files carry a hash of their content, so they never change; a year is the most browsers honour. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const HASHED_FILE = /[\\/]assets[\\/]/;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Labkeeper</title>
<p>Labkeeper is running, but its pages are not built. Build them with <code>npm run build</code>; the API is at
<a href="/api/docs">/api/docs</a>.</p></html>\n`;

export interface PageParts {
  readonly uiRoot?: string;
  readonly elementsFile?: string;
}

/** Answers a request for a page that no route knows; false when it was not for a page. */
export type AnswerPage = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * The pages and the elements. Returns what answers addresses that only the page knows, such as `/servers/nas`: the page
 * itself, which then shows what belongs there.
 */
export async function pageRoutes(app: ApiApp, { uiRoot, elementsFile }: PageParts): Promise<AnswerPage> {
  if (elementsFile !== undefined) elementsRoute(app, elementsFile);
  const isBuilt = uiRoot !== undefined && existsSync(join(uiRoot, 'index.html'));
  if (!isBuilt) {
    app.get('/', { config: readable('public') }, (_, reply) => sendNotBuilt(reply));
    return answering((reply) => void sendNotBuilt(reply));
  }
  await serveFiles(app, uiRoot);
  return answering((reply) => void sendPage(uiRoot, reply));
}

function answering(send: (reply: FastifyReply) => void): AnswerPage {
  return (request, reply) => {
    const isPage = isPageRequest(request);
    if (isPage) send(reply);
    return isPage;
  };
}

async function serveFiles(app: ApiApp, root: string): Promise<void> {
  const { default: serveStatic } = await import('@fastify/static');
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...readable('public') };
    });
    await scope.register(serveStatic, {
      root,
      wildcard: true,
      dotfiles: 'ignore',
      // The build leaves a .br and a .gz beside each file; nothing is compressed while people wait.
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        void reply.header('cache-control', HASHED_FILE.test(path) ? IMMUTABLE : 'no-cache');
      },
    });
  });
}

/** For pages of other origins, so everybody may load it; what it shows needs a key all the same. */
function elementsRoute(app: ApiApp, file: string): void {
  app.get('/elements.js', { config: { ...readable('public'), cors: false } }, async (_, reply) => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return reply.callNotFound();
    return reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('cache-control', 'no-cache')
      .type('text/javascript; charset=utf-8')
      .send(text);
  });
}

/** A person's browser that opens an address, not a program that mistyped one. */
function isPageRequest({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const path = url.split('?', 1)[0] ?? '';
  const isApi = /^\/(api|metrics|health|plugins|prometheus|alertmanager|agent)(\/|$)/.test(path);
  return !isApi && !path.includes('.') && (headers.accept ?? '').includes('text/html');
}

/** Read anew each time: it is small, and a new build counts at once. */
async function sendPage(root: string, reply: FastifyReply): Promise<void> {
  const text = await readFile(join(root, 'index.html'), 'utf8').catch(() => NOT_BUILT);
  await reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(text);
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(NOT_BUILT);
}
