import { LabkeeperError } from '@labkeeper/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HostPhase } from '../api-parts.js';

/** What callers are asked to wait before they try again. A start takes about that long. */
const RETRY_AFTER_S = 2;

/** The hook that answers 503 while there is no engine to ask. Health, documentation and pages answer always. */
export function refuseUnlessRunning(phase: () => HostPhase) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const state = phase();
    const needsEngine = /^\/(api\/v1\/|metrics)/.test(request.url);
    if (state === 'running' || !needsEngine) return;
    void reply.header('retry-after', RETRY_AFTER_S);
    throw new LabkeeperError('SERVICE_UNAVAILABLE', `Labkeeper is ${state}.`);
  };
}
