import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

/** A body as text, exactly as it arrives. */
const post = (payload: string, type = 'application/json') =>
  stage.api.server.inject({
    method: 'POST',
    url: '/api/v1/servers',
    headers: { 'x-api-key': stage.keyOf.admin, 'content-type': type },
    payload,
  });

describe('a body', () => {
  it.each([
    ['that is no JSON', '{"a":', 'application/json', 400, 'BAD_REQUEST'],
    ['that would change prototypes', '{"__proto__":{"x":1}}', 'application/json', 400, 'BAD_REQUEST'],
    ['of another type', 'a=b', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['that is too large', `{"a":"${'x'.repeat(1_048_576)}"}`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ['that is a list', '[]', 'application/json', 422, 'VALIDATION_ERROR'],
    ['that is null', 'null', 'application/json', 422, 'VALIDATION_ERROR'],
    ['that is missing', '', 'application/json', 422, 'VALIDATION_ERROR'],
  ])('%s is refused', async (_, payload, type, status, code) => {
    const response = await post(payload, type);
    expect([response.statusCode, faultOf(response).code]).toEqual([status, code]);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

describe('a query', () => {
  it.each([
    '/api/v1/servers?status=online',
    '/api/v1/alerts?severty=low',
    '/api/v1/checks?page=2',
    '/api/v1/entities?nme=x',
    '/api/v1/metrics/pi?form=-5m',
    '/api/v1/audit?by=x',
    '/api/v1/events?since=1',
  ])('with a word that is not known there is refused: %s', async (url) => {
    const response = await stage.call('GET', url);
    expect([response.statusCode, faultOf(response).code]).toEqual([422, 'VALIDATION_ERROR']);
  });
});

describe('an address', () => {
  it.each([
    ['GET', '/api/v1/nothing', 404, undefined],
    ['GET', '/nothing', 404, undefined],
    ['GET', '/api/v1/servers/%', 400, undefined],
    ['PATCH', '/api/v1/servers', 405, 'GET, HEAD, POST'],
    ['GET', '/api/v1/checks/x/run', 405, 'POST'],
    ['POST', '/metrics', 405, 'GET, HEAD'],
    ['HEAD', '/api/v1/events', 405, 'GET'],
  ] as const)('%s %s is answered with %i', async (method, url, status, allow) => {
    const response = await stage.call(method, url);
    expect([response.statusCode, response.headers.allow]).toEqual([status, allow]);
    if (method !== 'HEAD')
      expect(bodyOf(response)).toEqual({
        detail: { code: expect.any(String) as unknown, message: expect.any(String) as unknown },
      });
  });

  it('is answered for HEAD as for GET, without the body', async () => {
    const get = await stage.call('GET', '/api/v1/servers');
    const head = await stage.call('HEAD', '/api/v1/servers');
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([
      200,
      '',
      get.headers['content-length'],
    ]);
  });
});

describe('a fault of ours', () => {
  it('shows nothing but the request id, and everything in the log', async () => {
    const broken = new Error('select * from secrets: no such table');
    await stage.close();
    stage = await apiStage({
      problems: () => {
        throw broken;
      },
    });
    const response = await stage.call('GET', '/api/v1/system/health');
    const id = response.headers['x-request-id'];
    expect(response.statusCode).toBe(500);
    expect(bodyOf(response)).toEqual({
      detail: {
        code: 'INTERNAL',
        message: `Something went wrong inside Labkeeper. The log has the details under request ${id}.`,
      },
    });
    expect(stage.lines).toContainEqual({
      level: 'error',
      message: 'A request failed.',
      fields: { request: id, method: 'GET', url: '/api/v1/system/health', error: broken },
    });
  });
});

describe('a secret', () => {
  it('is in no answer, whatever it is part of, and the answer stays whole', async () => {
    stage.redactor.protect('hunter2-hunter2');
    await stage.engine.entities.observe({
      id: 'site:x',
      labels: { note: 'at http://u:hunter2-hunter2@host "x"' },
    });
    const refused = await stage.call('GET', '/api/v1/entities/hunter2-hunter2');
    expect(faultOf(refused).message).toBe("'[secret]' is not an entity id such as server:nas.");
    const { items } = await stage.read<{ items: { labels: object }[] }>('/api/v1/entities');
    expect(items[0]?.labels).toEqual({ note: 'at http://u:[secret]@host "x"' });
  });

  it('that is also a word of ours breaks no answer', async () => {
    await stage.engine.entities.observe({ id: 'server:nas' });
    stage.redactor.protect('server_id');
    const { items } = await stage.read<{ items: object[] }>('/api/v1/servers');
    expect(items[0]).toHaveProperty('server_id', 'nas');
  });
});

describe('every answer', () => {
  it('tells browsers what pages may do', async () => {
    const { headers } = await stage.call('GET', '/health');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': expect.stringMatching(/^boot-/) as unknown,
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self'");
    // On plain http these would lock people out of their own page.
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('of the API is kept by no cache', async () => {
    expect((await stage.call('GET', '/api/v1/servers')).headers['cache-control']).toBe('no-store');
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    stage.call('OPTIONS', '/api/v1/servers', {
      as: 'nobody',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-api-key',
      },
    });

  it('may use the API with a key when the file names it, without cookies', async () => {
    await stage.close();
    stage = await apiStage({ settings: () => ({ allowedOrigins: ['https://home.example'] }) });
    const asked = await preflight('https://home.example');
    expect(asked.statusCode).toBe(204);
    expect(asked.headers['access-control-allow-origin']).toBe('https://home.example');
    expect(asked.headers['access-control-allow-headers']).toContain('x-api-key');
    const response = await stage.call('GET', '/api/v1/servers', {
      headers: { origin: 'https://home.example' },
    });
    expect(response.headers['access-control-allow-origin']).toBe('https://home.example');
    expect(response.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(String(response.headers['content-security-policy'])).toContain(
      "frame-ancestors 'self' https://home.example",
    );
  });

  it('gets no permission when the file does not name it', async () => {
    const asked = await preflight('https://evil.example');
    expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
    expect(asked.statusCode).toBe(405);
    const response = await stage.call('GET', '/api/v1/servers', {
      headers: { origin: 'https://evil.example' },
    });
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
