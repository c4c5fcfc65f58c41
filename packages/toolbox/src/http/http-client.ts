import {
  type Clock,
  DropFailure,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  RetryFailure,
} from '@labkeeper/core';
import { Deadline, WaitEnded } from '../time/deadline.js';
import { createDispatchers, type Dispatchers } from './dispatchers.js';
import { describeNetworkFault } from './network-fault.js';
import { type OutgoingRequest, parseRequest, shownRequest } from './outgoing-request.js';
import { nextRequest } from './redirect.js';
import { sendOne } from './send-one.js';

export interface HttpClientSetup {
  readonly clock: Clock;
  /** Ends every request and closes every connection. Without it they close by themselves after some idle seconds. */
  readonly signal?: AbortSignal;
  /** Connections to one origin at once; further requests wait. Default 8: a small product should not be stormed. */
  readonly maxSockets?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_SOCKETS = 8;

/**
 * Makes a client; {@link HttpClient} says what it promises. One for a program is enough, connections are kept and
 * shared. Nothing is loaded or opened before the first request.
 */
export function createHttpClient({
  clock,
  signal,
  maxSockets = DEFAULT_MAX_SOCKETS,
}: HttpClientSetup): HttpClient {
  const dispatchers = createDispatchers({ clock, maxSockets, signal });
  return { request: (request) => run(request, dispatchers, clock) };
}

async function run(request: HttpRequest, dispatchers: Dispatchers, clock: Clock): Promise<HttpResponse> {
  const outgoing = parseRequest(request);
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = new Deadline({ clock, timeoutMs, signal: request.signal });
  try {
    return await deadline.guard((resolve, reject) => {
      const cancelling = new AbortController();
      followRedirects(outgoing, dispatchers, cancelling.signal).then(resolve, reject);
      return () => cancelling.abort();
    });
  } catch (error) {
    throw failureOf(error, outgoing, timeoutMs);
  } finally {
    deadline.close();
  }
}

async function followRedirects(
  first: OutgoingRequest,
  dispatchers: Dispatchers,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let request = first;
  for (let redirects = 0; ; redirects++) {
    const response = await sendOne(request, dispatchers, signal);
    const next = redirects < first.maxRedirects ? nextRequest(request, response) : undefined;
    if (!next) return response;
    request = { ...request, ...next };
  }
}

/** A missing answer as the contract tells it. The request is shown without anything secret. */
function failureOf(error: unknown, request: OutgoingRequest, timeoutMs: number): Error {
  if (error instanceof DropFailure) return error;
  const shown = shownRequest(request);
  if (error instanceof WaitEnded) {
    const message =
      error.reason === 'timeout'
        ? `no answer within ${timeoutMs / 1_000} s`
        : 'told to stop before the answer came';
    return new RetryFailure('RESPONSE_TIMEOUT', `${shown}: ${message}`);
  }
  const { hostname, port, protocol } = request.url;
  const peer = request.socketPath
    ? { host: request.socketPath, port: 0 }
    : { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  return new RetryFailure('CONNECTION_FAILED', `${shown}: ${describeNetworkFault(error, peer)}`);
}
