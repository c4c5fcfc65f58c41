import { DropFailure, type HttpClient, type HttpResponse, Secret } from '@labkeeper/core';
import type { ExampleOptions } from './example-options.js';

/** What `GET /status` says. */
export interface QueueStatus {
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
}

/**
 * Asks the queue for its status. Talks only through the HTTP client it is given, which bounds time and size.
 * Throws RetryFailure without an answer, DropFailure for a refusal or an answer in another form.
 */
export async function queueStatus(http: HttpClient, options: ExampleOptions): Promise<QueueStatus> {
  const response = await http.request({
    url: new URL('/status', options.url).href,
    // Still a Secret: the client reveals it itself, at the last moment.
    headers: options.token ? { authorization: new Secret(`Bearer ${options.token.reveal()}`) } : {},
  });
  if (response.status !== 200) {
    throw new DropFailure('REQUEST_REFUSED', `The queue answered with status ${response.status}.`);
  }
  return parseStatus(response);
}

function parseStatus(response: HttpResponse): QueueStatus {
  const body = response.json();
  // Products change their answers. Check what is used, and say what was missing.
  const { waiting, running, failed } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  if (typeof waiting !== 'number' || typeof running !== 'number' || typeof failed !== 'number') {
    throw new DropFailure(
      'RESPONSE_MALFORMED',
      'The answer of the queue lacks one of waiting, running and failed.',
    );
  }
  return { waiting, running, failed };
}
