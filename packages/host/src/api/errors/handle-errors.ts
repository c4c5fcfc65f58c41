import { LabkeeperError, type Logger } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { AnswerPage } from '../page/page-routes.js';
import { redactJson } from '../schemas/redact-json.js';
import { answerFor, type ErrorAnswer } from './error-answer.js';

export interface ErrorHandling {
  readonly log: Logger;
  readonly redactor: Redactor;
}

/** Sends what was thrown in the one form of errors. Nothing of a fault of ours gets out; the log has all of it. */
export function sendError(
  { log, redactor }: ErrorHandling,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { status, body } = loggedAnswer(log, error, request);
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer((value: unknown) => redactJson(JSON.stringify(value), redactor))
    .send(body);
}

/** The answer to what was thrown, in our own form. A fault of ours is in the log then. */
export function loggedAnswer(log: Logger, error: unknown, request: FastifyRequest): ErrorAnswer {
  const answer = answerFor(error, request.id);
  if (answer.isInternal)
    log.error('A request failed.', {
      request: request.id,
      method: request.method,
      url: pathOf(request),
      error,
    });
  return answer;
}

/** Errors of handlers and hooks. */
export function handleErrors(app: FastifyInstance, parts: ErrorHandling): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(parts, error, request, reply));
}

/** What is wrong with a request that no route is for. Sets the header Allow where only the method is wrong. */
export type ExplainUnknown = (request: FastifyRequest, reply: FastifyReply) => LabkeeperError;

/** 405 with what is allowed where only the method is wrong, else 404. `routes` may still grow until the first request. */
export function explainUnknown(routes: readonly RouteOptions[]): ExplainUnknown {
  let methodsOf: ReturnType<typeof methodsByPath> | undefined;
  return (request, reply) => {
    methodsOf ??= methodsByPath(routes);
    const methods = methodsOf(pathOf(request));
    // A route that is there but has nothing to give says so by asking for this answer.
    if (methods.length === 0 || methods.includes(request.method))
      return new LabkeeperError('NOT_FOUND', 'There is nothing at this address.');
    void reply.header('allow', methods.join(', '));
    const message = `${request.method} is not possible here; ${methods.join(', ')} is.`;
    return new LabkeeperError('METHOD_NOT_ALLOWED', message);
  };
}

/** Requests that no route is for, outside of APIs that answer them in their own form. */
export function answerUnknown(
  app: FastifyInstance,
  parts: ErrorHandling & { readonly explain: ExplainUnknown; readonly answerPage: AnswerPage },
): void {
  app.setNotFoundHandler((request, reply) => {
    if (parts.answerPage(request, reply)) return;
    return sendError(parts, parts.explain(request, reply), request, reply);
  });
}

/** Methods under which a path exists, out of all routes. Built once, asked only when nothing was found. */
function methodsByPath(routes: readonly RouteOptions[]): (path: string) => readonly string[] {
  const known = routes
    .filter(({ url }) => !url.includes('*'))
    .map(({ url, method }) => ({ pattern: patternOf(url), methods: [method].flat() }));
  return (path) => {
    const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}

/** The path of a request without its query, which may hold what does not belong into a log. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
