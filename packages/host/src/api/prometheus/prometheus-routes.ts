import type { Logger } from '@labkeeper/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiApp, ApiContext } from '../api-context.js';
import { type ExplainUnknown, loggedAnswer } from '../errors/handle-errors.js';
import { kindOfStatus, PrometheusFailure, sendJson } from './answer.js';
import { expressionRoutes } from './expression-routes.js';
import { failureOf } from './failure-of.js';
import { metadataRoutes } from './metadata-routes.js';
import { queryRoutes } from './query-routes.js';
import { PROMETHEUS_ROOT } from './route-schema.js';
import { ruleRoutes } from './rule-routes.js';
import { seriesRoutes } from './series-routes.js';
import { statusRoutes } from './status-routes.js';
import { writeRoutes } from './write-routes.js';

/** Largest form: long queries of generated dashboards come near 100 kB. */
const MOST_FORM_BYTES = 1_048_576;

/** Prometheus' HTTP API: the same paths, answers and errors. */
export async function prometheusRoutes(
  app: ApiApp,
  context: ApiContext,
  explain: ExplainUnknown,
): Promise<void> {
  await app.register(
    async (scope) => {
      acceptForms(scope as unknown as FastifyInstance);
      answerAsPrometheus(scope as unknown as FastifyInstance, context, explain);
      queryRoutes(scope, context);
      seriesRoutes(scope, context);
      metadataRoutes(scope, context);
      expressionRoutes(scope);
      ruleRoutes(scope, context);
      statusRoutes(scope, context);
      await writeRoutes(scope, context);
    },
    { prefix: PROMETHEUS_ROOT },
  );
}

function acceptForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_FORM_BYTES },
    (_, text, done) => done(null, new URLSearchParams(text as string)),
  );
}

/**
 * Every error in Prometheus' form, also those of keys, limits and unknown addresses. Of a fault of ours there is a request id, and the
 * rest in the log.
 */
function answerAsPrometheus(
  scope: FastifyInstance,
  { log, redactor }: ApiContext,
  explain: ExplainUnknown,
): void {
  const send = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, errorType, message } = failureOf(error) ?? foreignFailure(log, error, request);
    void reply.code(status);
    return sendJson(reply, JSON.stringify({ status: 'error', errorType, error: redactor.redact(message) }));
  };
  scope.setErrorHandler(send);
  scope.setNotFoundHandler((request, reply) => send(explain(request, reply), request, reply));
  // Without this the route for preflights of the whole server answers, in the other form. Those of allowed pages never get here.
  scope.options('/*', { schema: { hide: true } }, (_, reply) => reply.callNotFound());
}

function foreignFailure(log: Logger, error: unknown, request: FastifyRequest): PrometheusFailure {
  const { status, body } = loggedAnswer(log, error, request);
  return new PrometheusFailure(kindOfStatus(status), body.detail.message, status);
}
