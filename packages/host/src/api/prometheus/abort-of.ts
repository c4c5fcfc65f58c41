import type { FastifyReply } from 'fastify';

/** Aborts when the caller has gone: nobody waits for the answer any more, so nothing is computed for it. */
export function abortOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // Of the answer and not of the connection, which lives on and would gather a listener with every query.
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
