import { LabkeeperError } from '@labkeeper/core';
import type { FastifyInstance } from 'fastify';

/** A request that says something impossible. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';
}

/** Alertmanager's errors are a bare JSON text, and an unknown silence is an empty 404. What is not about the request is the host's. */
export function answerErrors(scope: FastifyInstance): void {
  scope.setErrorHandler((error, _, reply) => {
    if (error instanceof LabkeeperError && error.code === 'NOT_FOUND') return reply.code(404).send();
    if (
      error instanceof RequestFault ||
      (error instanceof LabkeeperError && error.code === 'VALIDATION_ERROR')
    )
      return reply
        .code(400)
        .type('application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send(error.message);
    throw error;
  });
}
