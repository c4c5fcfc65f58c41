import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

const logIn = (key: string, from = '10.0.0.1') =>
  stage.call('POST', '/api/v1/session', { as: 'nobody', json: { key }, from });
const withCookie = (cookie: string, headers: Record<string, string> = {}) => ({
  as: 'nobody' as const,
  headers: { cookie, ...headers },
});

async function cookieOf(role: 'viewer' | 'operator' | 'admin'): Promise<string> {
  const [cookie] = (await logIn(stage.keyOf[role])).cookies;
  return `${cookie?.name}=${cookie?.value}`;
}

describe('logging in', () => {
  it('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const response = await logIn(stage.keyOf.operator);
    expect(response.statusCode).toBe(200);
    expect(bodyOf(response)).toEqual({
      actor: { id: expect.any(String) as unknown, name: 'operator', role: 'operator' },
    });
    expect(response.cookies).toEqual([
      expect.objectContaining({
        name: 'labkeeper_session',
        path: '/',
        httpOnly: true,
        sameSite: 'Strict',
        maxAge: 2_592_000,
      }),
    ]);
    expect(response.cookies[0]).not.toHaveProperty('secure');
  });

  it('gives a cookie for TLS only where people come by https', async () => {
    const tls = await apiStage({
      settings: () => ({ allowedOrigins: [], publicUrl: 'https://lab.example' }),
    });
    const response = await tls.call('POST', '/api/v1/session', {
      as: 'nobody',
      json: { key: tls.keyOf.viewer },
    });
    expect(response.cookies).toEqual([expect.objectContaining({ secure: true })]);
    expect(response.headers['strict-transport-security']).toBeDefined();
    await tls.close();
  });

  it('refuses a wrong key, and an agent’s', async () => {
    for (const key of ['wrong', stage.keyOf.agent]) {
      const response = await logIn(key);
      expect([response.statusCode, faultOf(response)]).toEqual([
        401,
        { code: 'UNAUTHORIZED', message: 'The key is not valid.', field: 'key' },
      ]);
      expect(response.cookies).toEqual([]);
    }
  });

  it('makes an address wait after ten wrong keys, even with the right one, and no other address', async () => {
    for (let count = 0; count < 10; count++) await logIn(`wrong ${count}`);
    const refused = await logIn(stage.keyOf.admin);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '300']);
    expect((await logIn(stage.keyOf.admin, '10.0.0.2')).statusCode).toBe(200);
    await stage.clock.advance(300_000);
    expect((await logIn(stage.keyOf.admin)).statusCode).toBe(200);
  });

  it('is written into the audit log with who it was, and never with the key', async () => {
    await logIn('a-wrong-key-0123456789');
    await logIn(stage.keyOf.operator);
    const { items } = await stage.engine.audit.list();
    expect(items.map(({ actor, action, outcome }) => [actor.name, action, outcome])).toEqual([
      ['operator', 'session.create', 'done'],
      ['anonymous', 'session.create', 'refused'],
    ]);
    expect(JSON.stringify(items)).not.toContain('a-wrong-key');
  });
});

describe('a session', () => {
  it('says who is asking, and renews its cookie', async () => {
    const response = await stage.call('GET', '/api/v1/session', withCookie(await cookieOf('viewer')));
    expect(bodyOf(response)).toMatchObject({ actor: { name: 'viewer', role: 'viewer' } });
    expect(response.cookies).toEqual([
      expect.objectContaining({ name: 'labkeeper_session', maxAge: 2_592_000 }),
    ]);
    expect((await stage.call('GET', '/api/v1/session', { as: 'nobody' })).statusCode).toBe(401);
  });

  it('has the role of its key', async () => {
    const cookie = await cookieOf('viewer');
    expect((await stage.call('GET', '/api/v1/servers', withCookie(cookie))).statusCode).toBe(200);
    expect((await stage.call('GET', '/api/v1/audit', withCookie(cookie))).statusCode).toBe(403);
  });

  it('changes something only with the header that no foreign page can send', async () => {
    const json = { server_id: 'x', display_name: 'X', hostname: 'x', ip_address: '10.0.0.1' };
    const cookie = await cookieOf('operator');
    const refused = await stage.call('POST', '/api/v1/servers', { ...withCookie(cookie), json });
    expect([refused.statusCode, faultOf(refused).code]).toEqual([403, 'FORBIDDEN']);
    const allowed = await stage.call('POST', '/api/v1/servers', {
      ...withCookie(cookie, { 'x-labkeeper-request': '1' }),
      json,
    });
    expect(allowed.statusCode).toBe(201);
  });

  it('ends with its key', async () => {
    const cookie = await cookieOf('operator');
    const { actor } = await stage.read<{ actor: { id: string } }>('/api/v1/session', withCookie(cookie));
    await stage.keys.revoke(actor.id);
    expect((await stage.call('GET', '/api/v1/session', withCookie(cookie))).statusCode).toBe(401);
  });

  it('ends when it is closed', async () => {
    const cookie = await cookieOf('viewer');
    const closed = await stage.call(
      'DELETE',
      '/api/v1/session',
      withCookie(cookie, { 'x-labkeeper-request': '1' }),
    );
    expect([closed.statusCode, closed.body]).toEqual([204, '']);
    expect((await stage.call('GET', '/api/v1/session', withCookie(cookie))).statusCode).toBe(401);
  });

  it('survives a restart', async () => {
    const cookie = await cookieOf('viewer');
    stage = await stage.restart();
    expect((await stage.call('GET', '/api/v1/session', withCookie(cookie))).statusCode).toBe(200);
  });

  it('that is made up is none', async () => {
    expect(
      (await stage.call('GET', '/api/v1/session', withCookie('labkeeper_session=made-up'))).statusCode,
    ).toBe(401);
  });
});

describe('a wrong key in the header', () => {
  it('makes its address wait after sixty, and no other address', async () => {
    const wrong = { as: 'nobody' as const, headers: { 'x-api-key': 'wrong' } };
    for (let count = 0; count < 60; count++) {
      expect((await stage.call('GET', '/api/v1/servers', { ...wrong, from: '10.0.0.1' })).statusCode).toBe(
        401,
      );
    }
    expect((await stage.call('GET', '/api/v1/servers', { ...wrong, from: '10.0.0.1' })).statusCode).toBe(429);
    expect((await stage.call('GET', '/api/v1/servers', { from: '10.0.0.2' })).statusCode).toBe(200);
  });
});

describe('a key that asks very often', () => {
  it('is told to wait, and no other key', async () => {
    let refused = 0;
    for (let count = 0; count < 3_001; count++) {
      const { statusCode } = await stage.call('GET', '/api/v1/session', { as: 'viewer' });
      if (statusCode === 429) refused += 1;
    }
    expect(refused).toBe(1);
    const response = await stage.call('GET', '/api/v1/session', { as: 'viewer' });
    expect([response.statusCode, faultOf(response).code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect((await stage.call('GET', '/api/v1/session', { as: 'operator' })).statusCode).toBe(200);
  });
});
