import { DropFailure, type HttpResponse, Secret } from '@labkeeper/core';
import type { Dispatcher } from 'undici';
import type { Dispatchers } from './dispatchers.js';
import { httpAnswer } from './http-answer.js';
import { type OutgoingRequest, shownRequest } from './outgoing-request.js';

/** Sends one request and reads the whole answer. Rejects with what the network said, or RESPONSE_TOO_LARGE. */
export async function sendOne(
  request: OutgoingRequest,
  dispatchers: Dispatchers,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const dispatcher = await dispatchers.get(request.tls, request.socketPath);
  const { statusCode, headers, body } = await dispatcher.request({
    origin: request.url.origin,
    path: request.url.pathname + request.url.search,
    method: request.method as Dispatcher.HttpMethod,
    headers: revealed(request),
    body: request.body ?? null,
    signal,
  });
  return httpAnswer(statusCode, headers, await readBody(request, body, headers['content-length']));
}

/** The only place where a Secret becomes text. Credentials in the URL become a header, which is how they travel anyway. */
function revealed({ headers, url }: OutgoingRequest): Record<string, string> {
  const plain: Record<string, string> = {};
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    plain.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  for (const [name, value] of Object.entries(headers)) {
    plain[name.toLowerCase()] = value instanceof Secret ? value.reveal() : value;
  }
  return plain;
}

async function readBody(
  request: OutgoingRequest,
  body: Dispatcher.ResponseData['body'],
  declaredLength: string | string[] | undefined,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop, also by an error, destroys the body and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > request.maxResponseBytes || Number(declaredLength) > request.maxResponseBytes)
      throw tooLarge(request);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function tooLarge(request: OutgoingRequest): DropFailure {
  return new DropFailure(
    'RESPONSE_TOO_LARGE',
    `${shownRequest(request)}: the answer is larger than ${request.maxResponseBytes} bytes`,
  );
}
