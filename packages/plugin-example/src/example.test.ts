import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { conformCheck, conformCollector, conformPlugin, runCheck, runCollector } from '@labkeeper/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleCheck } from './example-check.js';
import { exampleCollector } from './example-collector.js';
import plugin from './index.js';

// A real server on a port of its own: what is tested is the request that really goes out.
const answer = { status: 200, body: '' };
const requests: { path: string | undefined; authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
  requests.push({ path: request.url, authorization: request.headers.authorization });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  Object.assign(answer, { status: 200, body: JSON.stringify({ waiting: 3, running: 1, failed: 7 }) });
  requests.length = 0;
});

// The suites hold what every plugin promises; the tests below only say what is special about this one.
const invalid = [
  { options: {}, code: 'CONFIG_MISSING_KEY' },
  { options: { url: 'queue.lan' }, code: 'CONFIG_WRONG_VALUE' },
  { options: { url: 'http://queue.lan', max_waitng: 5 }, code: 'CONFIG_UNKNOWN_KEY' },
] as const;
conformPlugin(plugin);
conformCheck({ check: exampleCheck, options: () => ({ url, token: 'a-secret-token' }), invalid });
conformCollector({ collector: exampleCollector, options: () => ({ url, token: 'a-secret-token' }), invalid });

describe('the example check', () => {
  it('counts a queue with too many waiting jobs as degraded', async () => {
    expect(await runCheck(exampleCheck, { url, max_waiting: 2 })).toMatchObject({
      status: 'degraded',
      message: '3 jobs are waiting, allowed are 2',
    });
  });

  it('counts a queue that refuses as down and says what it answered', async () => {
    answer.status = 503;
    const verdict = await runCheck(exampleCheck, { url });
    expect(verdict.status).toBe('down');
    expect(verdict.message).toContain('status 503');
  });
});

describe('the example collector', () => {
  it('reports the jobs by state', async () => {
    const { samples } = await runCollector(exampleCollector, { url });
    expect(samples).toEqual([
      { name: 'example_jobs', labels: { state: 'waiting' }, value: 3 },
      { name: 'example_jobs', labels: { state: 'running' }, value: 1 },
      { name: 'example_jobs_failed_total', value: 7 },
    ]);
  });

  it('sends the token, and only to /status', async () => {
    await runCollector(exampleCollector, { url, token: 'a-secret-token' });
    expect(requests).toEqual([{ path: '/status', authorization: 'Bearer a-secret-token' }]);
  });

  it('refuses an answer in another form', async () => {
    answer.body = '{"jobs": 3}';
    await expect(runCollector(exampleCollector, { url })).rejects.toMatchObject({
      code: 'RESPONSE_MALFORMED',
    });
  });
});
