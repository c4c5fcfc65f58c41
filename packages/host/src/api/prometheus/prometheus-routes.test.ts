import { Agent, get, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Series } from '@labkeeper/core';
import { compress } from 'snappyjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage } from '../../../fixtures/api-stage.js';
import { encodeWriteRequest } from './remote-write/testing/encode-write-request.js';

const ROOT = '/prometheus/api/v1';

let stage: ApiStage;
let nowS: number;
beforeEach(async () => {
  stage = await apiStage({
    metricDescriptions: () => [
      { name: 'cpu', type: 'gauge', help: 'How busy.', unit: 'ratio' },
      { name: 'cpu', type: 'gauge', help: 'How busy.', unit: 'ratio' },
      { name: 'requests_total', type: 'counter', help: 'Requests.' },
    ],
  });
  nowS = stage.clock.now() / 1_000;
  const series = (name: string, host: string): Series => ({ name, labels: { host, job: 'node' } });
  const rows = [10, 20, 30].flatMap((value, step) =>
    ['nas', 'pi'].map((host, place) => ({
      series: series('cpu', host),
      timeMs: (nowS - 120 + step * 60) * 1_000,
      value: value + place,
    })),
  );
  await stage.storage.samples.append({
    series: rows.map((row) => row.series),
    timesMs: rows.map((row) => row.timeMs),
    values: rows.map((row) => row.value),
  });
});
afterEach(() => stage.close());

const ask = (path: string, as: 'viewer' | 'nobody' | 'agent' = 'viewer') =>
  stage.call('GET', `${ROOT}/${path}`, { as });
const data = async (path: string) => {
  const response = await ask(path);
  expect([path, response.statusCode]).toEqual([path, 200]);
  return response.json<{ status: string; data: unknown; warnings?: string[]; infos?: string[] }>().data;
};
const form = (path: string, fields: Record<string, string>) =>
  stage.api.server.inject({
    method: 'POST',
    url: `${ROOT}/${path}`,
    headers: { 'x-api-key': stage.keyOf.viewer, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });

/** Sends a query and counts who waits at the host's end of the connection. */
async function closeListeners(agent: Agent, url: string): Promise<number> {
  let count = 0;
  stage.api.server.server.once('request', ({ socket }: IncomingMessage) => {
    count = socket.listenerCount('close');
  });
  await new Promise<void>((resolve, reject) => {
    const sent = get(url, { agent, headers: { 'x-api-key': stage.keyOf.viewer } }, (response) =>
      response.resume().once('end', resolve),
    );
    sent.once('error', reject);
  });
  return count;
}

describe('a query', () => {
  it('gives values at one time, by GET and as a form', async () => {
    const expected = {
      resultType: 'vector',
      result: [
        { metric: { __name__: 'cpu', host: 'nas', job: 'node' }, value: [nowS, '30'] },
        { metric: { __name__: 'cpu', host: 'pi', job: 'node' }, value: [nowS, '31'] },
      ],
    };
    expect(await data(`query?query=cpu&time=${nowS}`)).toEqual(expected);
    expect(await data('query?query=cpu')).toEqual(expected);
    expect((await form('query', { query: 'cpu' })).json()).toEqual({ status: 'success', data: expected });
  });

  it('gives numbers and texts', async () => {
    expect(await data(`query?query=${encodeURIComponent('1/0')}`)).toEqual({
      resultType: 'scalar',
      result: [nowS, '+Inf'],
    });
    expect(await data(`query?query=${encodeURIComponent('"a"')}`)).toEqual({
      resultType: 'string',
      result: [nowS, 'a'],
    });
  });

  it('gives series over a span', async () => {
    const span = `start=${nowS - 60}&end=${nowS}&step=60s`;
    expect(await data(`query_range?query=${encodeURIComponent('sum by (job) (cpu)')}&${span}`)).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: { job: 'node' },
          values: [
            [nowS - 60, '41'],
            [nowS, '61'],
          ],
        },
      ],
    });
  });

  it('says when it gives only the first ones', async () => {
    const response = await ask('query?query=cpu&limit=1');
    expect(response.json()).toMatchObject({
      data: { result: [{}] },
      warnings: ['results truncated due to limit'],
    });
  });

  it('carries what PromQL remarks', async () => {
    const response = await ask(`query?query=${encodeURIComponent('rate(cpu[5m])')}`);
    expect(response.json<{ infos: string[] }>().infos[0]).toContain('metric might not be a counter');
  });

  it.each([
    ['query', 400, 'bad_data', 'invalid parameter "query": it is missing'],
    ['query?query=sum(', 400, 'bad_data', 'parse error'],
    ['query?query=up&time=now', 400, 'bad_data', 'cannot parse "now" to a valid timestamp'],
    ['query?query=up&limit=-1', 400, 'bad_data', "cannot read '-1' as a whole number"],
    ['query_range?query=up&start=0&end=10', 400, 'bad_data', 'invalid parameter "step": it is missing'],
    ['query_range?query=up&start=10&end=0&step=1', 400, 'bad_data', 'must not be before start time'],
    ['query_range?query=up&start=0&end=10&step=0', 400, 'bad_data', 'zero or negative'],
    ['query_range?query=up&start=0&end=11001&step=1', 400, 'bad_data', 'maximum resolution of 11,000 points'],
    [
      `query?query=${encodeURIComponent('cpu + on(job) cpu')}`,
      422,
      'execution',
      'many-to-many matching not allowed',
    ],
    ['series', 400, 'bad_data', 'no match[] parameter provided'],
    ['series?match[]=1', 400, 'bad_data', 'invalid parameter "match[]"'],
    ['labels?match[]=x{', 400, 'bad_data', 'invalid parameter "match[]"'],
  ])('is refused as Prometheus refuses it: %s', async (path, status, errorType, error) => {
    const response = await ask(path);
    expect([response.statusCode, response.json()]).toEqual([
      status,
      { status: 'error', errorType, error: expect.stringContaining(error) as unknown },
    ]);
  });

  it('leaves nothing on a connection that others follow on', async () => {
    const address = await stage.api.listen({ host: '127.0.0.1', port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const url = `${address}${ROOT}/query?query=1`;
    const listeners = [
      await closeListeners(agent, url),
      await closeListeners(agent, url),
      await closeListeners(agent, url),
    ];
    agent.destroy();
    expect(new Set(listeners).size).toBe(1);
  });

  it('asks for a key with the role viewer', async () => {
    expect((await ask('query?query=up', 'nobody')).statusCode).toBe(401);
    expect((await ask('query?query=up', 'agent')).statusCode).toBe(403);
  });

  it('leaves no row in the audit log: it changes nothing', async () => {
    await form('query', { query: 'cpu' });
    expect((await stage.engine.audit.list({ limit: 1 })).total).toBe(0);
  });
});

describe('what there is', () => {
  it('are series, names and values of labels, all of them or of a selector', async () => {
    expect(await data('series?match[]=cpu{host="nas"}&match[]=nothing')).toEqual([
      { __name__: 'cpu', host: 'nas', job: 'node' },
    ]);
    expect(await data('labels')).toEqual(['__name__', 'host', 'job']);
    expect(await data('labels?match[]=nothing')).toEqual([]);
    expect(await data('label/host/values')).toEqual(['nas', 'pi']);
    expect(await data('label/host/values?match[]=cpu{host!="pi"}')).toEqual(['nas']);
    expect(await data('label/__name__/values?limit=1')).toEqual(['cpu']);
    expect(await data('label/U__ho_73_t/values')).toEqual(['nas', 'pi']);
    expect(await data('label/U___ffffff_/values')).toEqual([]);
    expect((await form('labels', { 'match[]': 'cpu' })).json()).toMatchObject({
      data: ['__name__', 'host', 'job'],
    });
  });

  it('are the meanings of metrics, each once', async () => {
    expect(await data('metadata?metric=cpu')).toEqual({
      cpu: [{ type: 'gauge', help: 'How busy.', unit: 'ratio' }],
    });
    expect(Object.keys((await data('metadata?limit=1')) as object)).toEqual(['cpu']);
  });

  it('is a version that Grafana knows', async () => {
    expect(await data('status/buildinfo')).toMatchObject({ version: '3.5.0' });
  });
});

describe('an expression', () => {
  it('is laid out, and taken apart', async () => {
    expect(await data(`format_query?query=${encodeURIComponent('sum  by(job)(cpu)')}`)).toBe(
      'sum by (job) (cpu)',
    );
    expect(await data('parse_query?query=cpu')).toMatchObject({ type: 'vectorSelector', name: 'cpu' });
  });
});

describe('remote write', () => {
  const write = (
    body: Uint8Array,
    headers: Record<string, string> = {},
    as: 'operator' | 'viewer' = 'operator',
  ) =>
    stage.api.server.inject({
      method: 'POST',
      url: `${ROOT}/write`,
      headers: {
        ...{ 'x-api-key': stage.keyOf[as], 'content-type': 'application/x-protobuf' },
        ...{ 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0', ...headers },
      },
      payload: Buffer.from(body),
    });
  const packed = (labels: Record<string, string>, timeMs: number, value: number) =>
    compress(Buffer.from(encodeWriteRequest([{ labels, samples: [{ timeMs, value }] }])));
  const failure = (response: { json(): unknown }) => (response.json() as { error: string }).error;

  it('keeps samples, and answers the same ones again with 204', async () => {
    for (let time = 0; time < 2; time++) {
      const response = await write(packed({ __name__: 'sent', host: 'a' }, nowS * 1_000, 7));
      expect([response.statusCode, response.body]).toEqual([204, '']);
    }
    expect(await data('query?query=sent')).toMatchObject({ result: [{ value: [nowS, '7'] }] });
  });

  it('keeps what it can of a request and names what it cannot', async () => {
    await write(packed({ __name__: 'sent' }, nowS * 1_000, 7));
    const conflict = await write(packed({ __name__: 'sent' }, nowS * 1_000, 8));
    expect([conflict.statusCode, failure(conflict)]).toEqual([
      400,
      '1 samples have another value for a time that is known',
    ]);
    const late = await write(packed({ __name__: 'sent' }, nowS * 1_000 - 7_200_000, 8));
    expect([late.statusCode, failure(late)]).toEqual([400, '1 samples are too old']);
    const nameless = await write(packed({ host: 'a' }, nowS * 1_000, 8));
    expect(failure(nameless)).toBe('a series without __name__; 1 samples are not valid');
  });

  it('puts off what is too much at once, and takes it when it is sent again', async () => {
    const requests = Array.from({ length: 60 }, (_, index) =>
      packed({ __name__: 'sent', host: `h${index}` }, nowS * 1_000, 1),
    );
    const first = await Promise.all(requests.map((request) => write(request)));
    const statuses = new Set(first.map(({ statusCode }) => statusCode));
    expect([...statuses].every((status) => status === 204 || status === 429)).toBe(true);
    for (const request of requests) expect((await write(request)).statusCode).toBe(204);
    expect(await data(`query?query=${encodeURIComponent('count(sent)')}`)).toMatchObject({
      result: [{ value: [nowS, '60'] }],
    });
  });

  it.each(['prometheus.WriteRequest', '"prometheus.WriteRequest"'])(
    'takes the message of 1.0 by its name: %s',
    async (proto) => {
      const type = { 'content-type': `application/x-protobuf; proto=${proto}`, 'content-encoding': 'Snappy' };
      expect((await write(packed({ __name__: 'sent' }, nowS * 1_000, 7), type)).statusCode).toBe(204);
    },
  );

  it.each(['application/x-protobuf;proto=', 'application/x-protobuf; charset=utf-8; Proto='])(
    'refuses a message of 2.0, whatever version it calls itself: %s',
    async (type) => {
      const good = packed({ __name__: 'sent' }, nowS * 1_000, 7);
      const refused = await write(good, { 'content-type': `${type}io.prometheus.write.v2.Request` });
      expect([refused.statusCode, failure(refused)]).toEqual([
        415,
        expect.stringContaining('only remote write 1.0'),
      ]);
      expect(await data('query?query=sent')).toMatchObject({ result: [] });
    },
  );

  it('refuses what is something else', async () => {
    const good = packed({ __name__: 'sent' }, nowS * 1_000, 7);
    expect((await write(gzipSync('x'))).statusCode).toBe(400);
    expect((await write(good, { 'content-encoding': 'identity' })).statusCode).toBe(415);
    expect((await write(gzipSync('x'), { 'content-encoding': 'gzip' })).statusCode).toBe(415);
    expect((await write(good, { 'x-prometheus-remote-write-version': '2.0.0' })).statusCode).toBe(415);
    expect((await write(good, { 'content-type': 'text/plain' })).statusCode).toBe(415);
    expect((await write(good, {}, 'viewer')).statusCode).toBe(403);
  });
});
