import { Secret } from '@labkeeper/core';

/** The part of a request that a redirect may change. */
export interface RedirectableRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly body: string | Uint8Array | undefined;
}

/** Headers that tell who somebody is, besides all that are Secrets. */
const PERSONAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

/**
 * The request that a redirect asks for, or undefined when the answer is none. As browsers do it (Fetch standard,
 * HTTP-redirect fetch): 303 always, and 301 and 302 after a POST, go on as GET without the body.
 * Secrets stay with the origin they were meant for.
 */
export function nextRequest<Request extends RedirectableRequest>(
  request: Request,
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  },
): Pick<Request, keyof RedirectableRequest> | undefined {
  const url = redirectTarget(request.url, answer);
  if (!url) return undefined;
  const becomesGet =
    answer.status === 303 ? request.method !== 'HEAD' : answer.status < 303 && request.method === 'POST';
  return {
    url,
    method: becomesGet ? 'GET' : request.method,
    headers: headersFor(request, url, becomesGet),
    body: becomesGet ? undefined : request.body,
  } as Pick<Request, keyof RedirectableRequest>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer redirects to; undefined when it does not, or to something that is not HTTP. */
export function redirectTarget(
  from: URL,
  {
    status,
    headers,
  }: { readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>> },
): URL | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || typeof location !== 'string' || !URL.canParse(location, from.href))
    return undefined;
  const url = new URL(location, from);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function headersFor(
  { url: from, headers }: RedirectableRequest,
  to: URL,
  becomesGet: boolean,
): Record<string, string | Secret> {
  const isForeign = from.origin !== to.origin;
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => {
      const lower = name.toLowerCase();
      if (becomesGet && lower.startsWith('content-')) return false;
      // A host set by hand names the first server only.
      return !isForeign || !(value instanceof Secret || PERSONAL_HEADERS.has(lower) || lower === 'host');
    }),
  );
}
