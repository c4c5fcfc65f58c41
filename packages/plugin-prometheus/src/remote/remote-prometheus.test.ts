import { DropFailure, RetryFailure } from '@labkeeper/core';
import { createLab, type HttpServer, startHttpServer } from '@labkeeper/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_PROMETHEUS, type RunningPrometheus, startPrometheus } from '../testing/start-prometheus.js';
import { remotePrometheus } from './remote-prometheus.js';

const client = (url: string) => {
  const { http } = createLab().context('prometheus', {}, new AbortController().signal);
  return remotePrometheus({ http, url, headers: { 'x-scope-orgid': 'lab' } });
};

/** A Prometheus that answers as the test says. */
let server: HttpServer;
let answer = { status: 200, body: '' };
beforeAll(async () => {
  server = await startHttpServer((_, response) => void response.writeHead(answer.status).end(answer.body));
});
afterAll(() => server.close());
const answers = (data: unknown, status = 200) => {
  answer = { status, body: JSON.stringify(status === 200 ? { status: 'success', data } : data) };
};

describe('asking a remote Prometheus', () => {
  it('sends expressions in the body of the request, below the address it was given', async () => {
    answers({ resultType: 'vector', result: [] });
    await client(`${server.url}/prometheus/`).query('up{a="é"} + 1', 1_500);
    expect(server.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/prometheus/api/v1/query',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-scope-orgid': 'lab' },
      body: 'query=up%7Ba%3D%22%C3%A9%22%7D+%2B+1&time=1.5',
    });
  });

  it('reads what is no ordinary number', async () => {
    answers({
      resultType: 'vector',
      result: ['NaN', '+Inf', '-Inf', '1e-7'].map((value) => ({ metric: { a: 'b' }, value: [1.234, value] })),
    });
    expect(await client(server.url).query('a')).toEqual({
      type: 'vector',
      rows: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-7].map((value) => ({
        labels: { a: 'b' },
        timeMs: 1_234,
        value,
      })),
    });
  });

  it.each<[string, unknown]>([
    ['another type', { resultType: 'tensor', result: [] }],
    ['no type', {}],
    ['a native histogram', { resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] }],
    [
      'a native histogram over time',
      { resultType: 'matrix', result: [{ metric: {}, values: [], histograms: [] }] },
    ],
    ['a value that is no text', { resultType: 'scalar', result: [1, 2] }],
    ['a value that is no number', { resultType: 'scalar', result: [1, 'two'] }],
    ['a label that is no text', { resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] }],
    ['no list', { resultType: 'vector', result: 'x' }],
  ])('refuses %s', async (_, data) => {
    answers(data);
    await expect(client(server.url).query('a')).rejects.toMatchObject({ code: 'RESPONSE_MALFORMED' });
  });

  const refusal = (errorType: string) => ({ status: 'error', errorType, error: 'the reason' });
  it.each<[number, unknown, typeof DropFailure | typeof RetryFailure, string, string]>([
    [400, refusal('bad_data'), DropFailure, 'REQUEST_REFUSED', 'bad_data: the reason'],
    [422, refusal('execution'), DropFailure, 'REQUEST_REFUSED', 'execution: the reason'],
    [503, refusal('timeout'), RetryFailure, 'RESPONSE_TIMEOUT', 'timeout: the reason'],
    [503, refusal('unavailable'), RetryFailure, 'REQUEST_REFUSED', 'unavailable: the reason'],
    [500, refusal('internal'), RetryFailure, 'REQUEST_REFUSED', 'internal: the reason'],
    [429, refusal('too_many_requests'), RetryFailure, 'RATE_LIMITED', 'too_many_requests: the reason'],
    [401, 'who are you?', DropFailure, 'REQUEST_REFUSED', 'status 401, unknown: it gave no reason'],
    [502, null, RetryFailure, 'REQUEST_REFUSED', 'status 502'],
  ])(
    'tells an answer with status %i and %j by what to do next',
    async (status, data, kind, code, message) => {
      answers(data, status);
      const failure: unknown = await client(server.url)
        .query('a')
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(kind);
      expect(failure).toMatchObject({ code, message: expect.stringContaining(message) as string });
    },
  );

  it('passes on that nobody answers', async () => {
    const closed = await startHttpServer();
    await closed.close();
    await expect(client(closed.url).query('a')).rejects.toBeInstanceOf(RetryFailure);
  });
});

describe.skipIf(!HAS_PROMETHEUS)('a real Prometheus (skipped where there is no /usr/bin/prometheus)', () => {
  const START_S = 1_700_000_000;
  let prometheus: RunningPrometheus;
  beforeAll(async () => {
    const lines = [0, 15, 30, 45].flatMap((s) => [
      `a_total{room="attic"} ${s * 2} ${START_S + s}`,
      `a_total{room="cellar"} ${s} ${START_S + s}`,
    ]);
    const sorted = [...lines].sort();
    prometheus = await startPrometheus(['# TYPE a counter', ...sorted, '# EOF\n'].join('\n'));
  }, 60_000);
  afterAll(() => prometheus.stop());
  const span = { fromMs: START_S * 1_000, toMs: (START_S + 45) * 1_000 };

  it('answers for a moment', async () => {
    expect(await client(prometheus.url).query('sum(a_total)', span.toMs)).toEqual({
      type: 'vector',
      rows: [{ labels: {}, timeMs: span.toMs, value: 135 }],
    });
    expect(await client(prometheus.url).query('1 / 0', 1_500)).toEqual({
      type: 'scalar',
      timeMs: 1_500,
      value: Number.POSITIVE_INFINITY,
    });
    expect(await client(prometheus.url).query('"text"', 0)).toEqual({
      type: 'string',
      timeMs: 0,
      text: 'text',
    });
  });

  it('answers for a span', async () => {
    const found = await client(prometheus.url).queryRange('a_total{room="cellar"}', {
      ...span,
      stepMs: 15_000,
    });
    expect(found).toEqual({
      type: 'matrix',
      series: [
        {
          labels: { __name__: 'a_total', room: 'cellar' },
          timesMs: Float64Array.from([0, 15, 30, 45], (s) => (START_S + s) * 1_000),
          values: Float64Array.from([0, 15, 30, 45]),
        },
      ],
    });
  });

  it('tells its series and labels', async () => {
    const remote = client(prometheus.url);
    expect(await remote.series(['a_total{room="attic"}', '{room="none"}'], span)).toEqual([
      { __name__: 'a_total', room: 'attic' },
    ]);
    expect(await remote.labelNames(['a_total'], span)).toEqual(['__name__', 'room']);
    expect(await remote.labelValues('room')).toEqual(['attic', 'cellar']);
    expect(await remote.labelValues('room', ['{room=~"c.*"}'], span)).toEqual(['cellar']);
  });

  it('says what is wrong with an expression', async () => {
    const failure: unknown = await client(prometheus.url)
      .query('sum(')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DropFailure);
    expect(failure).toMatchObject({
      found: 'bad_data',
      message: expect.stringContaining('parse error') as string,
    });
  });
});
