import { type Actor, LabkeeperError, roleAllows } from '@labkeeper/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyLookup } from '../api-parts.js';
import { addressGroup } from './address-group.js';
import type { AttemptThrottle } from './attempt-throttle.js';
import { isReading } from './route-access.js';
import type { SessionStore } from './session-store.js';

export const SESSION_COOKIE = 'labkeeper_session';

/**
 * A page of another site can make a browser send our cookie along with a form, but it cannot add a header without being
 * asked for permission first. So a change by cookie needs this one.
 */
export const CROSS_SITE_HEADER = 'x-labkeeper-request';

/** Wrong keys of one address within a minute, before it has to wait. A script with an old key asks less often. */
export const WRONG_KEYS = { failures: 60, windowMs: 60_000 };

export interface AccessParts {
  readonly keys: KeyLookup;
  readonly sessions: SessionStore;
  readonly wrongKeys: AttemptThrottle;
}

/** Who somebody is, and by which session. */
interface Identity {
  readonly actor: Actor;
  readonly sessionHash: string | null;
}

/** The hook that lets in who may come in. Runs first in every request, before the body is read. */
export function authenticate(parts: AccessParts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // A path or method that does not exist tells nobody anything, and browsers ask for permission without a key.
    const isOpen = request.is404 || request.method === 'OPTIONS';
    const permission = isOpen ? 'public' : request.routeOptions.config.permission;
    if (permission === 'public') return;
    const identity = await identify(parts, request, reply);
    if (!identity) {
      void reply.header('www-authenticate', 'ApiKey header="X-API-Key"');
      throw new LabkeeperError('UNAUTHORIZED', 'The key or session is missing or not valid.');
    }
    request.actor = identity.actor;
    request.sessionHash = identity.sessionHash;
    assertSameSite(request);
    if (!permission || !roleAllows(identity.actor.role, permission)) {
      throw new LabkeeperError(
        'FORBIDDEN',
        `This needs the role ${permission ?? 'nobody'}; the key has ${identity.actor.role}.`,
      );
    }
  };
}

/** The one who asks, or undefined. Throws TOO_MANY_REQUESTS for an address that has sent too many wrong keys. */
async function identify(
  { keys, sessions, wrongKeys }: AccessParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Identity | undefined> {
  const key = keyOf(request);
  if (key !== undefined) {
    const address = addressGroup(request.ip);
    assertMayTry(wrongKeys, address, reply);
    const actor = await keys.verify(key);
    if (!actor) wrongKeys.fail(address);
    return actor && { actor, sessionHash: null };
  }
  const cookie = request.cookies[SESSION_COOKIE];
  const session = cookie === undefined ? undefined : await sessions.use(cookie);
  if (!session) return undefined;
  const actor = await keys.actorOf(session.keyId);
  // The key was revoked: its sessions go with it.
  if (!actor) await sessions.close(session.hash);
  return actor && { actor, sessionHash: session.hash };
}

/**
 * `X-API-Key`, or in `Authorization`: as `Bearer`, or as the password of `Basic` under any name, which is what Grafana, promtool and
 * amtool can send. Browsers send `Basic` unasked only where they were asked for it once, and no answer of ours asks: so it needs no
 * protection against pages of other sites.
 */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic) +(.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') return passwordOf(credentials);
  return credentials || undefined;
}

/** RFC 7617: the name ends at the first colon. */
function passwordOf(credentials: string): string | undefined {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const end = text.indexOf(':');
  return end < 0 ? undefined : text.slice(end + 1) || undefined;
}

/** Refuses an address that has to wait, before its key is looked at: otherwise the answer would still tell right from wrong. */
export function assertMayTry(throttle: AttemptThrottle, address: string, reply: FastifyReply): void {
  const waitMs = throttle.waitMs(address);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1_000);
  void reply.header('retry-after', seconds);
  throw new LabkeeperError('TOO_MANY_REQUESTS', `Too many wrong keys from this address; wait ${seconds} s.`);
}

function assertSameSite(request: FastifyRequest): void {
  if (request.sessionHash === null || isReading(request.method)) return;
  if (request.headers[CROSS_SITE_HEADER] === '1') return;
  throw new LabkeeperError('FORBIDDEN', 'Changes with a session need the header X-Labkeeper-Request: 1.');
}
