import { type Actor, LabkeeperError, ROLES, Type } from '@labkeeper/core';
import type { FastifyReply } from 'fastify';
import { addressGroup } from '../access/address-group.js';
import { assertMayTry, SESSION_COOKIE } from '../access/authenticate.js';
import { actorOf, changing, readable } from '../access/route-access.js';
import { isHttps } from '../access/security-headers.js';
import { SESSION_LIFE_MS } from '../access/session-store.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { choice, shape } from '../schemas/shape.js';

const tags = ['session'];

/** Wrong keys at the login, per address, before it has to wait. Nobody mistypes a pasted key ten times. */
export const WRONG_LOGINS = { failures: 10, windowMs: 300_000 };

const sessionShape = shape('Session', {
  actor: shape('Actor', {
    id: Type.String(),
    name: Type.String(),
    role: choice([...ROLES, 'agent']),
  }),
});

const loginInput = shape('Login', {
  key: Type.String({ minLength: 1, maxLength: 500, description: 'A key; it is not kept, the session is.' }),
});

/** `/api/v1/session`: logging in with a key, for browsers. */
export function sessionRoutes(app: ApiApp, context: ApiContext): void {
  const { sessions, settings } = context;
  const setCookie = (reply: FastifyReply, id: string) =>
    reply.setCookie(SESSION_COOKIE, id, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isHttps(settings()) || reply.request.protocol === 'https',
      maxAge: SESSION_LIFE_MS / 1_000,
    });

  app.post(
    '/api/v1/session',
    {
      config: changing('public', 'session.create', () => 'session'),
      schema: { summary: 'Log in with a key', tags, body: loginInput, response: { 200: sessionShape } },
    },
    async (request, reply) => {
      const actor = await verify(context, request.body.key, reply);
      request.actor = actor;
      setCookie(reply, await sessions.open(actor.id));
      return sessionView(actor);
    },
  );

  app.get(
    '/api/v1/session',
    {
      config: readable('viewer'),
      schema: { summary: 'Who is asking', tags, response: { 200: sessionShape } },
    },
    (request, reply) => {
      const cookie = request.cookies[SESSION_COOKIE];
      // The page asks this when it opens: a browser that is used keeps its cookie.
      if (request.sessionHash !== null && cookie !== undefined) setCookie(reply, cookie);
      return sessionView(actorOf(request));
    },
  );

  app.delete(
    '/api/v1/session',
    {
      config: changing('viewer', 'session.delete', () => 'session'),
      schema: { summary: 'Log out', tags, response: { 204: Type.Null({ description: 'Logged out.' }) } },
    },
    async (request, reply) => {
      if (request.sessionHash !== null) await sessions.close(request.sessionHash);
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null);
    },
  );
}

async function verify({ keys, wrongLogins }: ApiContext, key: string, reply: FastifyReply): Promise<Actor> {
  const address = addressGroup(reply.request.ip);
  assertMayTry(wrongLogins, address, reply);
  const actor = await keys.verify(key);
  // An agent's key is for its machine; nobody looks at pages with it.
  if (!actor || actor.role === 'agent') {
    wrongLogins.fail(address);
    throw new LabkeeperError('UNAUTHORIZED', 'The key is not valid.', { field: 'key' });
  }
  wrongLogins.succeed(address);
  return actor;
}

function sessionView({ id, name, role }: Actor) {
  return { actor: { id, name, role } };
}
