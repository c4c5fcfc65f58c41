import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage } from '../../../fixtures/api-stage.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

const withHeader = async (authorization: string) =>
  (await stage.call('GET', '/api/v1/servers', { as: 'nobody', headers: { authorization } })).statusCode;

describe('a key', () => {
  it('may come as bearer, or as the password of basic authorization under any name', async () => {
    const key = stage.keyOf.viewer;
    for (const header of [`Bearer ${key}`, `bearer ${key}`, basic(`grafana:${key}`), basic(`:${key}`)])
      expect([header, await withHeader(header)]).toEqual([header, 200]);
  });

  it('gives its own role, however it comes', async () => {
    const authorization = basic(`x:${stage.keyOf.viewer}`);
    const response = await stage.call('DELETE', '/api/v1/servers/x', {
      as: 'nobody',
      headers: { authorization },
    });
    expect(response.statusCode).toBe(403);
  });

  it('is refused where it stands elsewhere, or is another', async () => {
    const key = stage.keyOf.viewer;
    for (const header of [
      key,
      basic(key),
      basic(`${key}:`),
      basic(`a:b:${key}`),
      'Basic',
      'Basic %%%',
      `Digest ${key}`,
    ])
      expect([header, await withHeader(header)]).toEqual([header, 401]);
  });

  it('that is wrong counts as an attempt in every form', async () => {
    for (let count = 0; count < 60; count++) expect(await withHeader(basic('a:wrong'))).toBe(401);
    expect(await withHeader(basic(`a:${stage.keyOf.viewer}`))).toBe(429);
  });

  it('is asked for in a way that makes no browser open a window for a password', async () => {
    const { headers } = await stage.call('GET', '/api/v1/servers', { as: 'nobody' });
    expect(headers['www-authenticate']).toBe('ApiKey header="X-API-Key"');
  });
});
