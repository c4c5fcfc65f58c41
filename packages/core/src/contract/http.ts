import type { Secret } from './secret.js';

/** How to trust the other side, for products with self-signed certificates. */
export interface TlsOptions {
  /** `verify` (default) or `insecure`, a choice that is shown in the UI. */
  readonly trust?: 'verify' | 'insecure';
  /** PEM text of an additional authority. */
  readonly ca?: string;
  /** SHA-256 of the certificate as hexadecimal pairs; trusts exactly this one. */
  readonly fingerprint?: string;
  readonly serverName?: string;
}

/** One request. */
export interface HttpRequest {
  /** With credentials or a token in it, give it as a Secret: messages then show nothing but its origin. */
  readonly url: string | Secret;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** Sent as JSON with its content type. Not together with `body`. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  /** Default 10 s, for the whole exchange. The task's deadline counts as well. */
  readonly timeoutMs?: number;
  /** Default 10 MiB. A larger answer is a RESPONSE_TOO_LARGE error. */
  readonly maxResponseBytes?: number;
  /** Redirects to follow; default 0, because a client of an API should not be sent elsewhere with its token. */
  readonly maxRedirects?: number;
  readonly tls?: TlsOptions;
  /** Path of a Unix socket to talk to instead of the host in `url`. */
  readonly socketPath?: string;
  readonly signal?: AbortSignal;
}

/** An answer whose body has been read within its limits. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values of one name joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  text(): string;
  /** The body as JSON. Throws RESPONSE_MALFORMED with the first characters of the body. */
  json(): unknown;
}

/**
 * HTTP for plugins that talk to an API. Connections are kept and shared; time and size are bounded.
 * An answer of any status resolves; only a missing answer rejects, with a RetryFailure
 * (CONNECTION_FAILED, RESPONSE_TIMEOUT) or a DropFailure (RESPONSE_TOO_LARGE).
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
}
