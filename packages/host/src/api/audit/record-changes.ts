import { type Actor, describeError, LabkeeperError, type Logger } from '@labkeeper/core';
import type { Audit } from '@labkeeper/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressGroup } from '../access/address-group.js';
import type { AttemptThrottle } from '../access/attempt-throttle.js';

/** Who did what nobody was let in for. */
const ANONYMOUS: Actor = { kind: 'user', id: 'anonymous', name: 'anonymous', role: 'viewer' };

/** Rows that one address without a key may cause within a minute. More only fill the disk. */
export const ANONYMOUS_ROWS = { failures: 30, windowMs: 60_000 };

export interface ChangeRecorder {
  readonly audit: Pick<Audit, 'record'>;
  readonly log: Logger;
  readonly anonymousRows: AttemptThrottle;
}

/**
 * The hook that leaves a row in the audit log for every request that changes something or tried to, before the answer
 * leaves. A change that cannot be recorded is answered with 503, so that the caller does not take it for settled.
 */
export function recordChanges(parts: ChangeRecorder) {
  const recorded = new WeakSet<FastifyRequest>();
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const { audit } = request.routeOptions.config;
    // The answer to a failed recording comes by here again.
    if (!audit || recorded.has(request) || !isWorthARow(parts, request)) return payload;
    recorded.add(request);
    const outcome = reply.statusCode < 400 ? 'done' : 'refused';
    try {
      await parts.audit.record({
        actor: request.actor ?? ANONYMOUS,
        action: audit.action,
        target: audit.target(request),
        outcome,
        details: {
          status: reply.statusCode,
          address: request.ip,
          request: request.id,
          fields: fieldsOf(request.body),
        },
      });
    } catch (error) {
      parts.log.error('The audit log cannot be written.', {
        action: audit.action,
        reason: describeError(error),
      });
      if (outcome === 'done')
        throw new LabkeeperError('STORAGE_UNAVAILABLE', 'It was done, but the audit log cannot be written.');
    }
    return payload;
  };
}

function isWorthARow({ anonymousRows }: ChangeRecorder, request: FastifyRequest): boolean {
  if (request.actor) return true;
  const address = addressGroup(request.ip);
  const isAllowed = anonymousRows.waitMs(address) === 0;
  if (isAllowed) anonymousRows.fail(address);
  return isAllowed;
}

/** Names of what was sent. Values stay out: they may be secrets, and the thing itself shows them. */
function fieldsOf(body: unknown): readonly string[] {
  return typeof body === 'object' && body !== null ? Object.keys(body).slice(0, 50) : [];
}
