import type { HttpClient, HttpRequest, Labels } from '@labkeeper/core';
import { secondsText } from '@labkeeper/exposition';
import { remoteFailure } from './remote-failure.js';
import {
  listOf,
  parseLabels,
  parseResult,
  parseTexts,
  type RemoteResult,
  recordOf,
} from './remote-result.js';

/** How to reach a Prometheus, or whatever speaks its HTTP API (Thanos, Mimir, VictoriaMetrics, Labkeeper). */
export interface RemotePrometheusSetup
  extends Pick<HttpRequest, 'headers' | 'tls' | 'timeoutMs' | 'maxResponseBytes' | 'signal'> {
  readonly http: HttpClient;
  /** Up to `/api/v1`, such as `http://prometheus.lan:9090` or `https://lab.lan/prometheus`. */
  readonly url: string;
}

/** A span of time, both ends included. */
export interface RemoteSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Questions to a remote Prometheus. All reject with a RetryFailure without an answer or for a passing fault, and with a
 * DropFailure for a question that is wrong (REQUEST_REFUSED) or an answer in another form (RESPONSE_MALFORMED).
 * Source: "HTTP API" in the documentation of Prometheus.
 */
export interface RemotePrometheus {
  /** One moment; without `timeMs` the remote's present. */
  query(expression: string, timeMs?: number): Promise<RemoteResult>;
  /** A span in steps. The result is a matrix. */
  queryRange(expression: string, span: RemoteSpan & { readonly stepMs: number }): Promise<RemoteResult>;
  /** Series that any of the selectors finds, with `__name__` among their labels. */
  series(selectors: readonly string[], span?: RemoteSpan): Promise<readonly Labels[]>;
  labelNames(selectors?: readonly string[], span?: RemoteSpan): Promise<readonly string[]>;
  labelValues(label: string, selectors?: readonly string[], span?: RemoteSpan): Promise<readonly string[]>;
}

type Form = readonly (readonly [name: string, value: string])[];

/** Makes a client. Pure: it asks nothing before it is told to, and keeps nothing. */
export function remotePrometheus(setup: RemotePrometheusSetup): RemotePrometheus {
  const { http, url, ...request } = setup;
  const base = `${url.replace(/\/+$/, '')}/api/v1`;
  const send = async (path: string, form: Partial<HttpRequest>): Promise<unknown> => {
    const headers = { ...request.headers, ...form.headers };
    const response = await http.request({ ...request, ...form, headers, url: base + path });
    if (response.status !== 200) throw remoteFailure(response);
    const { status, data } = recordOf(response.json(), 'the answer');
    if (status !== 'success') throw remoteFailure(response);
    return data;
  };
  // A form in the body, because expressions may be longer than addresses may be.
  const post = (path: string, form: Form) => send(path, formBody(form));
  const get = (path: string, form: Form) => send(form.length === 0 ? path : `${path}?${encoded(form)}`, {});
  return {
    query: async (expression, timeMs) =>
      parseResult(await post('/query', [['query', expression], ...optionalTime('time', timeMs)])),
    queryRange: async (expression, { stepMs, ...span }) =>
      parseResult(
        await post('/query_range', [['query', expression], ...spanForm(span), ['step', secondsText(stepMs)]]),
      ),
    series: async (selectors, span) =>
      listOf(await post('/series', [...selectorForm(selectors), ...spanForm(span)]), 'data').map(parseLabels),
    labelNames: async (selectors, span) =>
      parseTexts(await post('/labels', [...selectorForm(selectors), ...spanForm(span)])),
    labelValues: async (label, selectors, span) =>
      parseTexts(
        await get(`/label/${encodeURIComponent(label)}/values`, [
          ...selectorForm(selectors),
          ...spanForm(span),
        ]),
      ),
  };
}

function formBody(form: Form): Partial<HttpRequest> {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encoded(form),
  };
}

function encoded(form: Form): string {
  return new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString();
}

function selectorForm(selectors: readonly string[] = []): Form {
  return selectors.map((selector) => ['match[]', selector] as const);
}

function spanForm(span: RemoteSpan | undefined): Form {
  return [...optionalTime('start', span?.fromMs), ...optionalTime('end', span?.toMs)];
}

function optionalTime(name: string, timeMs: number | undefined): Form {
  return timeMs === undefined ? [] : [[name, secondsText(timeMs)]];
}
