import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage } from '../../../fixtures/api-stage.js';

let folder: string;
let stage: ApiStage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'labkeeper-page-'));
  const app = join(folder, 'app');
  mkdirSync(join(app, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not for anybody');
  writeFileSync(join(folder, 'elements.js'), 'export const elements = 1;');
  writeFileSync(join(app, 'index.html'), '<!doctype html><title>The page</title>');
  writeFileSync(join(app, '.hidden'), 'not for anybody');
  writeFileSync(join(app, 'assets', 'main-4f2a91.js'), 'plain');
  writeFileSync(join(app, 'assets', 'main-4f2a91.js.br'), 'small');
  stage = await apiStage({ uiRoot: app, elementsFile: join(folder, 'elements.js') });
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

const open = (url: string, headers: Record<string, string> = {}) =>
  stage.call('GET', url, { as: 'nobody', headers: { accept: 'text/html,*/*', ...headers } });

describe('the page', () => {
  it.each(['/', '/servers/nas', '/checks', '/alerts/3f?tab=why'])(
    'answers a person who opens %s',
    async (url) => {
      const response = await open(url);
      expect([response.statusCode, response.headers['content-type']]).toEqual([
        200,
        'text/html; charset=utf-8',
      ]);
      expect(response.body).toContain('The page');
      expect(response.headers['cache-control']).toBe('no-cache');
      expect(response.headers['content-security-policy']).toContain("script-src 'self'");
    },
  );

  it.each(['/api/v1/nothing', '/api/nothing', '/assets/gone-1.js', '/prometheus/api/v1/nothing'])(
    'does not stand in for %s',
    async (url) => {
      expect((await open(url)).statusCode).toBe(404);
    },
  );

  it('does not answer a program that mistyped', async () => {
    expect((await open('/servers/nas', { accept: 'application/json' })).statusCode).toBe(404);
  });

  it('has files that never change, compressed where they were', async () => {
    const plain = await open('/assets/main-4f2a91.js');
    expect([plain.body, plain.headers['cache-control']]).toEqual([
      'plain',
      'public, max-age=31536000, immutable',
    ]);
    const compressed = await open('/assets/main-4f2a91.js', { 'accept-encoding': 'gzip, br' });
    expect([compressed.body, compressed.headers['content-encoding']]).toEqual(['small', 'br']);
    expect(compressed.headers['content-type']).toContain('javascript');
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/.hidden'])(
    'gives nothing away at %s',
    async (url) => {
      const response = await stage.call('GET', url, { as: 'nobody' });
      expect([400, 403, 404]).toContain(response.statusCode);
      expect(response.body).not.toContain('not for anybody');
    },
  );

  it('is shown while the host is starting', async () => {
    await stage.close();
    stage = await apiStage({ uiRoot: join(folder, 'app'), phase: () => 'starting' });
    expect((await open('/')).body).toContain('The page');
  });
});

describe('a host without built pages', () => {
  it('says so', async () => {
    await stage.close();
    stage = await apiStage({ uiRoot: join(folder, 'nothing') });
    for (const url of ['/', '/servers/nas'])
      expect((await open(url)).body).toContain('its pages are not built');
  });
});

describe('the module of the elements', () => {
  it('may be loaded by every page', async () => {
    const response = await stage.call('GET', '/elements.js', {
      as: 'nobody',
      headers: { origin: 'https://anywhere.example' },
    });
    expect(response.body).toBe('export const elements = 1;');
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-type': 'text/javascript; charset=utf-8',
    });
  });

  it('is not found when it was not built', async () => {
    rmSync(join(folder, 'elements.js'));
    expect((await stage.call('GET', '/elements.js')).statusCode).toBe(404);
  });
});
