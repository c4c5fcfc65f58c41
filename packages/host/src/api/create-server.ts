import type { Socket } from 'node:net';
import { type FastifyHttpOptions, fastify, type RawServerDefault } from 'fastify';
import type { ApiApp, ApiContext } from './api-context.js';
import { answerFor } from './errors/error-answer.js';
import { sendError } from './errors/handle-errors.js';
import { compileValidator } from './schemas/compile-validator.js';
import { serializerFor } from './schemas/serializer.js';

/** Largest body. Nothing that is sent here by people or the page comes near it; beyond it 413. */
const MAX_BODY_BYTES = 1_048_576;

/** A request must have arrived whole within this, else 408 and the connection ends: nobody holds one open for nothing. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The same for its headers. */
const HEADERS_TIMEOUT_MS = 10_000;

/** A connection on which nothing moves is closed. Longer than the longest check that somebody may wait for. */
const SILENCE_TIMEOUT_MS = 120_000;

/** Longest id in a path; an entity's name may be a URL. A longer one is not found. */
const MAX_PARAM_LENGTH = 500;

/** The server without routes: limits, ids, how things are read and written. */
export function createServer(context: ApiContext): ApiApp {
  const app = fastify(serverOptions(context)) as unknown as ApiApp;
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(({ schema }) =>
    serializerFor(schema as Parameters<typeof serializerFor>[0], context.redactor),
  );
  acceptEmptyJson(app);
  app.decorateRequest('actor', null);
  app.decorateRequest('sessionHash', null);
  return app;
}

function serverOptions(context: ApiContext): FastifyHttpOptions<RawServerDefault> {
  let requests = 0;
  return {
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // A proxy on the same machine says who asks. One elsewhere is not believed: anybody could pretend to be one.
    trustProxy: 'loopback',
    requestIdHeader: false,
    genReqId: () => `${context.bootId}-${((requests += 1)).toString(36)}`,
    frameworkErrors: (error, request, reply) => sendError(context, error, request, reply),
    clientErrorHandler: refuseConnection,
  };
}

/** What is not even HTTP, or too slow, is answered by hand: there is no request to answer. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const message = isSlow ? 'The request did not arrive in time.' : 'This is not a valid HTTP request.';
  const { body } = answerFor(Object.assign(new Error(message), { statusCode: 400 }), '');
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${isSlow ? '408 Request Timeout' : '400 Bad Request'}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/** Clients that always name a content type may send no body where none is needed. */
function acceptEmptyJson(app: ApiApp): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined);
    return parse(request, text as string, done);
  });
}
