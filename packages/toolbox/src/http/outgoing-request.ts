import { DropFailure, type HttpRequest, Secret, type TlsOptions } from '@labkeeper/core';
import { shownUrl } from './shown-url.js';

const DEFAULT_MAX_RESPONSE_BYTES = 10 * 1024 * 1024;

/** A request with everything decided, ready to be sent and, after a redirect, sent again. */
export interface OutgoingRequest {
  readonly url: URL;
  /** The path and the query are a secret too, as in a webhook's address. */
  readonly isUrlSecret: boolean;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly body: string | Uint8Array | undefined;
  readonly maxResponseBytes: number;
  readonly maxRedirects: number;
  readonly tls: TlsOptions;
  readonly socketPath: string | undefined;
}

/** Reads a plugin's request. Throws a DropFailure with BAD_REQUEST for an address that is none. */
export function parseRequest(request: HttpRequest): OutgoingRequest {
  const { json, headers = {} } = request;
  const isJson = json !== undefined;
  return {
    url: parseUrl(request.url),
    isUrlSecret: request.url instanceof Secret,
    method: request.method ?? (isJson || request.body !== undefined ? 'POST' : 'GET'),
    headers: isJson ? { 'content-type': 'application/json', ...headers } : headers,
    body: isJson ? JSON.stringify(json) : request.body,
    maxResponseBytes: request.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    maxRedirects: request.maxRedirects ?? 0,
    tls: request.tls ?? {},
    socketPath: request.socketPath,
  };
}

function parseUrl(text: string | Secret): URL {
  const plain = text instanceof Secret ? text.reveal() : text;
  const url = URL.canParse(plain) ? new URL(plain) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new DropFailure(
    'BAD_REQUEST',
    `${text instanceof Secret ? 'The secret address' : `'${plain}'`} is not an http(s) address.`,
  );
}

/** `GET https://host/path`, for messages: of a secret URL only the origin. */
export function shownRequest({ method, url, isUrlSecret }: OutgoingRequest): string {
  return `${method} ${isUrlSecret ? url.origin : shownUrl(url)}`;
}
