/** What went wrong with a request, by what the page can do about it. */
export type ApiFault = 'unauthorized' | 'forbidden' | 'notFound' | 'unreachable' | 'other';

/** A request that did not succeed. The message is the server's own where it gave one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly fault: ApiFault,
    message: string,
  ) {
    super(message);
  }
}

/** Whom to ask, and as whom: with a key, or with the session cookie of the page itself. */
export interface Endpoint {
  /** Origin of the host, without a slash at the end; empty for the page's own. */
  readonly url: string;
  readonly key?: string | undefined;
}

const FAULT_OF_STATUS: Readonly<Record<number, ApiFault>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
};

/** Talks to one host. */
export class ApiClient {
  constructor(
    readonly endpoint: Endpoint,
    private readonly fetchFunction: typeof fetch = (...request) => fetch(...request),
  ) {}

  /** GET of JSON. Throws {@link ApiError}. */
  async get<Body>(
    path: string,
    query: Readonly<Record<string, string | number | undefined>> = {},
  ): Promise<Body> {
    const response = await this.request(path + queryText(query));
    return (await response.json()) as Body;
  }

  /** POST, PUT or DELETE; the answer's JSON, or undefined where there is none. Throws {@link ApiError}. */
  async send<Body>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Body> {
    const init: RequestInit = { method, headers: { 'x-labkeeper-request': '1' } };
    if (body) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, 'content-type': 'application/json' };
    }
    const response = await this.request(path, init);
    return (response.status === 204 ? undefined : await response.json()) as Body;
  }

  /** A request whose answer is good. Throws {@link ApiError} otherwise. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const { url, key } = this.endpoint;
    const headers = { ...init.headers, ...(key ? { 'x-api-key': key } : {}) };
    const credentials = key ? 'omit' : 'same-origin';
    let response: Response;
    try {
      response = await this.fetchFunction(url + path, { ...init, headers, credentials });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError('unreachable', 'no answer');
    }
    if (response.ok) return response;
    throw new ApiError(FAULT_OF_STATUS[response.status] ?? 'other', await serverMessage(response));
  }
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

async function serverMessage(response: Response): Promise<string> {
  try {
    const { detail } = (await response.json()) as { detail?: { message?: unknown } };
    if (typeof detail?.message === 'string') return detail.message;
  } catch {
    // A proxy in between answers with a page of its own.
  }
  return `status ${response.status}`;
}
