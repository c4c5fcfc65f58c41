import { ERROR_TABLE, type RecordStore, type Storage } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import type { LightMyRequestResponse, RouteOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf, type Method } from '../../../fixtures/api-stage.js';
import { isReading, undeclaredRoutes } from './route-access.js';

let stage: ApiStage;
afterEach(() => stage?.close());

/** Every route there is, as the running server knows them, with parameters filled in. */
async function allRoutes(): Promise<readonly { method: Method; url: string; permission: string }[]> {
  const { paths } = await stage.read<{ paths: Record<string, Record<string, { description: string }>> }>(
    '/api/openapi.json',
  );
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { description }]) => ({
      method: method.toUpperCase() as Method,
      url: path.replace(/\{[^}]+\}/g, 'nothing-of-this-name'),
      permission: /Needs the role (\w+)\.$/.exec(description)?.[1] ?? 'public',
    })),
  );
}

/** Its clients expect Prometheus' own form of errors, and send queries and measurements by POST. */
const isOfPrometheus = (url: string) => url.startsWith('/prometheus/');

const codeOf = (url: string, response: LightMyRequestResponse) =>
  isOfPrometheus(url) ? bodyOf(response).errorType : faultOf(response).code;

describe('every route', () => {
  it('refuses who has no key, unless it is public', async () => {
    stage = await apiStage();
    const routes = await allRoutes();
    expect(routes.length).toBeGreaterThan(25);
    const open = routes
      .filter(({ permission }) => permission === 'public')
      .map(({ method, url }) => `${method} ${url}`);
    expect(open.sort()).toEqual(['GET /api/openapi.json', 'GET /health', 'POST /api/v1/session']);
    for (const { method, url } of routes.filter(({ permission }) => permission !== 'public')) {
      const response = await stage.call(method, url, { as: 'nobody' });
      expect([method, url, response.statusCode, codeOf(url, response)]).toEqual([
        method,
        url,
        401,
        isOfPrometheus(url) ? 'bad_data' : 'UNAUTHORIZED',
      ]);
    }
  });

  it('refuses a role below its own, and lets its own in', async () => {
    stage = await apiStage();
    const below = { viewer: 'agent', operator: 'viewer', admin: 'operator' } as const;
    for (const { method, url, permission } of await allRoutes()) {
      if (permission === 'public' || url === '/api/v1/events') continue;
      const role = permission as keyof typeof below;
      const refused = await stage.call(method, url, { as: below[role] });
      expect([method, url, refused.statusCode, codeOf(url, refused)]).toEqual([
        method,
        url,
        403,
        isOfPrometheus(url) ? 'bad_data' : 'FORBIDDEN',
      ]);
      const allowed = await stage.call(method, url, { as: role });
      expect([method, url, allowed.statusCode === 403]).toEqual([method, url, false]);
    }
  });

  it('that changes something leaves a row in the audit log, done or refused', async () => {
    stage = await apiStage();
    for (const { method, url } of await allRoutes()) {
      if (isReading(method) || isOfPrometheus(url)) continue;
      for (const as of ['admin', 'agent', 'nobody'] as const) {
        const before = await stage.engine.audit.list({ limit: 1 });
        const response = await stage.call(method, url, { as });
        const after = await stage.engine.audit.list({ limit: 1 });
        expect([method, url, as, after.total - before.total]).toEqual([method, url, as, 1]);
        const row = after.items[0];
        expect(row).toMatchObject({
          outcome: response.statusCode < 400 ? 'done' : 'refused',
          // A login is nobody's before it has succeeded.
          actor: {
            name: as === 'nobody' || (url === '/api/v1/session' && method === 'POST') ? 'anonymous' : as,
          },
          details: { status: response.statusCode, address: '127.0.0.1' },
        });
      }
    }
    expect(await stage.engine.audit.verify()).not.toHaveProperty('brokenAt');
  });

  it('of the Prometheus API leaves no row: it reads, or takes in measurements', async () => {
    stage = await apiStage();
    for (const { method, url } of (await allRoutes()).filter((route) => isOfPrometheus(route.url)))
      for (const as of ['admin', 'nobody'] as const) await stage.call(method, url, { as });
    expect((await stage.engine.audit.list({ limit: 1 })).total).toBe(0);
  });

  it('answers errors in the one form, with a code of the table; the Prometheus API in its own', async () => {
    stage = await apiStage();
    for (const { method, url } of await allRoutes()) {
      for (const as of ['admin', 'nobody'] as const) {
        // A stream that is let in does not end.
        if (url === '/api/v1/events' && as === 'admin') continue;
        const response = await stage.call(method, url, { as, json: { not_a_field: 1 } });
        if (response.statusCode < 400) continue;
        if (isOfPrometheus(url)) {
          expect(bodyOf(response)).toEqual({
            ...{ status: 'error', errorType: expect.any(String) as unknown },
            error: expect.any(String) as unknown,
          });
          continue;
        }
        const { detail: _, ...rest } = bodyOf(response);
        const detail = faultOf(response);
        expect(rest).toEqual({});
        expect(Object.keys(ERROR_TABLE)).toContain(detail.code);
        expect(typeof detail.message).toBe('string');
        expect(Object.keys(detail).filter((key) => !['code', 'message', 'field'].includes(key))).toEqual([]);
      }
    }
  });
});

describe('a route that was declared carelessly', () => {
  const route = (method: string, config?: object) =>
    ({ method, url: '/x', config, handler: () => undefined }) as unknown as RouteOptions;

  it('is found when it has no permission', () => {
    expect(undeclaredRoutes([route('GET')])).toEqual(['GET /x']);
    expect(undeclaredRoutes([route('GET', { permission: 'viewer' })])).toEqual([]);
  });

  it('is found when it changes something and leaves no trace', () => {
    expect(undeclaredRoutes([route('POST', { permission: 'admin' })])).toEqual(['POST /x']);
    expect(
      undeclaredRoutes([route('POST', { permission: 'admin', audit: { action: 'a', target: () => '' } })]),
    ).toEqual([]);
  });
});

describe('a change that cannot be recorded', () => {
  /** A store whose audit log cannot be written. */
  function withBrokenAudit(storage: Storage): Storage {
    const records: RecordStore = {
      ...storage.records,
      collection: (declaration) => {
        const collection = storage.records.collection(declaration);
        if (declaration.name !== 'audit') return collection as never;
        return { ...collection, put: () => Promise.reject(new Error('the disk is full')) } as never;
      },
    };
    return { ...storage, records };
  }

  it('is not answered as if it were settled', async () => {
    stage = await apiStage({ storage: withBrokenAudit(memoryStorage()) });
    const json = { server_id: 'x', display_name: 'X', hostname: 'x', ip_address: '10.0.0.1' };
    const response = await stage.call('POST', '/api/v1/servers', { json });
    expect([response.statusCode, faultOf(response).code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
    expect(stage.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'The audit log cannot be written.' }),
    );
  });

  it('that was refused is answered with its own reason', async () => {
    stage = await apiStage({ storage: withBrokenAudit(memoryStorage()) });
    const response = await stage.call('POST', '/api/v1/servers', { json: {} });
    expect(response.statusCode).toBe(422);
  });
});

describe('requests without a key', () => {
  it('cannot fill the audit log', async () => {
    stage = await apiStage();
    for (let count = 0; count < 100; count++)
      await stage.call('DELETE', '/api/v1/servers/x', { as: 'nobody', from: '10.0.0.9' });
    expect((await stage.engine.audit.list({ limit: 1 })).total).toBe(30);
    await stage.call('DELETE', '/api/v1/servers/x', { as: 'nobody', from: '10.0.0.8' });
    expect((await stage.engine.audit.list({ limit: 1 })).total).toBe(31);
  });
});
