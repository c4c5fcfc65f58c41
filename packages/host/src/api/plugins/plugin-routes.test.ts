import type { RouteContext, RouteSet } from '@labkeeper/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, faultOf } from '../../../fixtures/api-stage.js';
import type { PluginRoutes } from '../api-parts.js';

let stage: ApiStage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** Routes that say where they are and who asks. */
function routes(plugin: string, set: Partial<RouteSet> = {}): PluginRoutes {
  const register = async (server: unknown, context: RouteContext) => {
    const app = server as FastifyInstance;
    const hello = (request: FastifyRequest) => ({
      ...{ root: context.root, version: context.version, firing: context.alerts.firing().length },
      by: set.permission === 'public' ? null : context.actorOf(request).name,
    });
    app.get('/hello', hello);
    app.post('/hello', hello);
  };
  return { plugin, set: { name: `${plugin}-api`, permission: 'operator', register, ...set } };
}

const open = async (...given: readonly PluginRoutes[]) => {
  stage = await apiStage({ routes: given });
  return stage;
};

describe('routes of a plugin', () => {
  it('answer under its own address and under every root that it claims', async () => {
    const { read } = await open(routes('pager', { roots: ['/pager', '/hooks/pager'] }));
    for (const root of ['/plugins/pager', '/pager', '/hooks/pager'])
      expect(await read(`${root}/hello`)).toEqual({ root, version: '1.2.3', firing: 0, by: 'admin' });
  });

  it('of the role operator let a viewer read, and no more', async () => {
    const { call } = await open(routes('pager'));
    const status = async (method: 'GET' | 'HEAD' | 'POST', as: 'viewer' | 'operator' | 'agent' | 'nobody') =>
      (await call(method, '/plugins/pager/hello', { as })).statusCode;
    expect([
      await status('GET', 'viewer'),
      await status('HEAD', 'viewer'),
      await status('POST', 'viewer'),
    ]).toEqual([200, 200, 403]);
    expect([
      await status('POST', 'operator'),
      await status('GET', 'agent'),
      await status('GET', 'nobody'),
    ]).toEqual([200, 403, 401]);
  });

  it('of the role admin are for admins alone, and public ones for everybody', async () => {
    const { call } = await open(
      routes('vault', { permission: 'admin' }),
      routes('status', { permission: 'public' }),
    );
    expect((await call('GET', '/plugins/vault/hello', { as: 'operator' })).statusCode).toBe(403);
    expect((await call('GET', '/plugins/status/hello', { as: 'nobody' })).statusCode).toBe(200);
  });

  it('leave a row in the audit log for each change, done or refused, whatever they say of themselves', async () => {
    const careless = routes('pager', {
      register: async (server) => {
        const config = { permission: 'public', audit: undefined, unaudited: 'reads' } as const;
        (server as FastifyInstance).post('/hello', { config }, () => ({}));
      },
    });
    const { call, engine } = await open(careless);
    await call('POST', '/plugins/pager/hello?token=abc', { as: 'operator' });
    expect((await call('POST', '/plugins/pager/hello', { as: 'nobody' })).statusCode).toBe(401);
    const { items } = await engine.audit.list({ limit: 10 });
    expect(items.map(({ action, target, outcome, actor }) => [action, target, outcome, actor.name])).toEqual([
      ['pager-api.request', 'POST /plugins/pager/hello', 'refused', 'anonymous'],
      ['pager-api.request', 'POST /plugins/pager/hello', 'done', 'operator'],
    ]);
  });

  it('stand in no document of ours, and their faults show nothing', async () => {
    const broken = routes('pager', {
      register: async (server) => {
        (server as FastifyInstance).get('/hello', () => {
          throw new Error('select * from secrets');
        });
      },
    });
    const { call, read } = await open(broken);
    const { paths } = await read<{ paths: object }>('/api/openapi.json');
    expect(Object.keys(paths).filter((path) => path.includes('pager'))).toEqual([]);
    const response = await call('GET', '/plugins/pager/hello');
    expect([response.statusCode, faultOf(response).code]).toEqual([500, 'INTERNAL']);
  });

  it.each(['/api', '/api/v1/mine', '/prometheus', '/metrics', '/health', '/plugins/other'])(
    'cannot have %s, which is Labkeeper’s own',
    async (root) => {
      await expect(apiStage({ routes: [routes('pager', { roots: [root] })] })).rejects.toMatchObject({
        code: 'PLUGIN_DUPLICATE',
        message: expect.stringContaining('belongs to Labkeeper') as unknown,
      });
    },
  );

  it.each([
    ['/hooks', '/hooks'],
    ['/hooks', '/hooks/pager'],
    ['/hooks/a', '/hooks/b'],
  ])('cannot have what is another’s: %s, then %s', async (first, second) => {
    const both = [routes('first', { roots: [first] }), routes('second', { roots: [second] })];
    await expect(apiStage({ routes: both })).rejects.toMatchObject({
      code: 'PLUGIN_DUPLICATE',
      message: expect.stringContaining("'second'") as unknown,
    });
  });

  it.each(['/', '', 'hooks', '/hooks/', '/:any', '/*', '//x', '/../api'])(
    'cannot have %j, which is no root',
    async (root) => {
      await expect(apiStage({ routes: [routes('pager', { roots: [root] })] })).rejects.toMatchObject({
        code: 'PLUGIN_BROKEN',
      });
    },
  );
});
