import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  DropFailure,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type LabkeeperError,
} from '@labkeeper/core';
import { formatOf, SCRAPE_ACCEPT, type TextFormat } from '@labkeeper/exposition';
import { connectionHeaders, tlsOf } from '@labkeeper/toolbox';
import { type PrometheusOptions, sizeBytes } from '../prometheus-options.js';

/** What a target answered, unpacked. */
export interface FetchedExposition {
  readonly body: Uint8Array;
  readonly format: TextFormat;
}

/** Asks one target. */
export interface ExpositionFetcher {
  /**
   * Throws RetryFailure without an answer, DropFailure (REQUEST_REFUSED, RESPONSE_TOO_LARGE, RESPONSE_MALFORMED) for one
   * that cannot be used. `timeoutMs` is for the whole exchange.
   */
  fetch(http: HttpClient, url: string, bounds: FetchBounds): Promise<FetchedExposition>;
}

export interface FetchBounds {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** As many as browsers follow for such things as a missing slash; secrets are not sent to another origin. */
const MAX_REDIRECTS = 5;
const STATUS_OK = 200;
const unpack = promisify(gunzip);

/** How the targets of an entry are asked. What stays the same is made once. */
export function expositionFetcher(options: PrometheusOptions): ExpositionFetcher {
  const maxBytes = sizeBytes(options.body_size_limit);
  const request = {
    headers: {
      ...connectionHeaders(options),
      accept: SCRAPE_ACCEPT,
      'accept-encoding': 'gzip',
    },
    tls: tlsOf(options),
    maxResponseBytes: maxBytes,
    maxRedirects: MAX_REDIRECTS,
  } satisfies Partial<HttpRequest>;
  return {
    async fetch(http, url, { timeoutMs, signal }) {
      // Exporters that ask others in turn (blackbox_exporter, snmp_exporter) end themselves in time by it.
      const headers = {
        ...request.headers,
        'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1_000),
      };
      const response = await http.request({ ...request, url, headers, timeoutMs, signal });
      if (response.status !== STATUS_OK)
        throw new DropFailure('REQUEST_REFUSED', `the target answered with status ${response.status}`);
      return { format: formatOfAnswer(response), body: await unpacked(response, maxBytes) };
    },
  };
}

function formatOfAnswer({ headers }: HttpResponse): TextFormat {
  const format = formatOf(headers['content-type']);
  if (format) return format;
  throw new DropFailure(
    'RESPONSE_MALFORMED',
    `the target answered in ${headers['content-type']}, which is no text`,
  );
}

async function unpacked({ headers, body }: HttpResponse, maxBytes: number): Promise<Uint8Array> {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === '') return body;
  if (encoding !== 'gzip')
    throw new DropFailure('RESPONSE_MALFORMED', `the answer is packed with ${encoding}, asked for was gzip`);
  try {
    return await unpack(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw unpackingFailure(error, maxBytes);
  }
}

function unpackingFailure(error: unknown, maxBytes: number): LabkeeperError {
  const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  return isTooLarge
    ? new DropFailure('RESPONSE_TOO_LARGE', `the answer is larger than ${maxBytes} bytes when unpacked`)
    : new DropFailure('RESPONSE_MALFORMED', 'the answer says that it is gzip, and is not', { cause: error });
}
