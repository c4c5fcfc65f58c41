import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DropFailure, RetryFailure } from '@labkeeper/core';
import {
  type Answer,
  createLab,
  type HttpServer,
  ManualClock,
  optionFaults,
  sampleNotification,
  startHttpServer,
  startInstance,
  startMisbehavingServer,
} from '@labkeeper/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { emailNotifier } from './email-notifier.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function resend(answer: Answer = says(200, { id: '49a3999c' })): Promise<HttpServer> {
  const server = await startHttpServer(answer);
  cleanups.push(() => server.close());
  return server;
}

function says(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
}

const optionsFor = (url: string) => ({
  resend: { api_key: 're_123_secret', url },
  from: 'Labkeeper <lab@example.org>',
  to: ['me@example.org', 'you@example.org'],
});

async function send(url: string, options: { id?: string; to?: string[]; clock?: ManualClock } = {}) {
  const { id = 'n1', to, clock } = options;
  const lab = createLab(clock ? { clock } : {});
  const instance = await startInstance(emailNotifier, { ...optionsFor(url), ...(to ? { to } : {}) }, lab);
  cleanups.push(() => instance.stop());
  await emailNotifier.notify(sampleNotification({ id }), instance.run() as never);
}

async function failureOf(sending: Promise<void>): Promise<unknown> {
  return await sending.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a mail through Resend', () => {
  it('carries the key, a name, both forms and the thread', async () => {
    const server = await resend();
    await send(server.url);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/emails' });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer re_123_secret',
      'content-type': 'application/json',
      'user-agent': 'Labkeeper',
    });
    const body = JSON.parse(request?.body ?? '') as Record<string, unknown>;
    expect(body).toMatchObject({
      from: 'Labkeeper <lab@example.org>',
      to: ['me@example.org', 'you@example.org'],
      subject: '🚨 Critical: nextcloud is down',
      headers: { 'Auto-Submitted': 'auto-generated', 'In-Reply-To': expect.stringMatching(/^<alert\./) },
    });
    expect(body.html).toContain('<!doctype html>');
    expect(body.text).toContain('Connection refused');
  });

  it('has the same idempotency key on a second try, and another one for other readers', async () => {
    const server = await resend();
    await send(server.url);
    await send(server.url);
    await send(server.url, { to: ['other@example.org'] });
    await send(server.url, { id: 'n2' });
    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });
});

describe('what Resend answers', () => {
  it.each<[number, string, typeof DropFailure | typeof RetryFailure]>([
    [400, 'validation_error', DropFailure],
    [401, 'missing_api_key', DropFailure],
    [403, 'validation_error', DropFailure],
    [409, 'invalid_idempotent_request', DropFailure],
    [409, 'concurrent_idempotent_requests', RetryFailure],
    [422, 'invalid_parameter', DropFailure],
    [451, 'security_error', DropFailure],
    [500, 'internal_server_error', RetryFailure],
    [503, 'service_unavailable', RetryFailure],
  ])('%i %s decides between dropping and trying again', async (status, name, failure) => {
    const server = await resend(says(status, { statusCode: status, name, message: 'Read the manual.' }));
    const error = await failureOf(send(server.url));
    expect(error).toBeInstanceOf(failure);
    expect(error).toMatchObject({
      code: 'REQUEST_REFUSED',
      message: `Resend refused the mail: ${status} ${name}: Read the manual.`,
    });
  });

  it.each(['rate_limit_exceeded', 'daily_quota_exceeded'])('429 %s says how long to wait', async (name) => {
    const server = await resend(says(429, { statusCode: 429, name, message: '' }, { 'retry-after': '7' }));
    expect(await failureOf(send(server.url))).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 7_000 });
  });

  it('is no acceptance without an id', async () => {
    const server = await startHttpServer((_, response) => void response.end('<html>Please log in</html>'));
    cleanups.push(() => server.close());
    expect(await failureOf(send(server.url))).toMatchObject({
      name: 'RetryFailure',
      code: 'RESPONSE_MALFORMED',
    });
  });

  it.each(['refuse', 'close', 'reset', 'cut', 'garbage'] as const)(
    'is missing when a server plays %s, and the mail is kept',
    async (fault) => {
      const server = await startMisbehavingServer(fault);
      cleanups.push(() => server.close());
      const error = await failureOf(send(server.url));
      expect(error).toBeInstanceOf(RetryFailure);
      expect(String(error)).not.toContain('re_123_secret');
    },
  );

  it('is waited for until the deadline', async () => {
    const server = await startMisbehavingServer('hang');
    cleanups.push(() => server.close());
    const clock = new ManualClock();
    const failure = failureOf(send(server.url, { clock }));
    await server.asked;
    await clock.advance(10_000);
    expect(await failure).toMatchObject({ name: 'RetryFailure', code: 'RESPONSE_TIMEOUT' });
  });
});

const SHARED = join(
  process.env.LABKEEPER_SHARED ?? join(import.meta.dirname, '../../../../shared'),
  'contracts/resend/fixtures',
);

describe.skipIf(!existsSync(SHARED))('documented answers of Resend (skipped without ../shared)', () => {
  const documented = (file: string) =>
    JSON.parse(readFileSync(join(SHARED, file), 'utf8')) as { statusCode?: number; message?: string };

  it('accept a mail', async () => {
    const server = await resend(says(200, documented('email-created.json')));
    expect(await failureOf(send(server.url))).toBeUndefined();
  });

  it.each([
    ['error-401.json', DropFailure],
    ['error-403.json', DropFailure],
    ['error-422.json', DropFailure],
    ['error-429.json', RetryFailure],
  ])('%s is told in its own words', async (file, failure) => {
    const answer = documented(file);
    const server = await resend(says(answer.statusCode ?? 0, answer));
    const error = await failureOf(send(server.url));
    expect(error).toBeInstanceOf(failure);
    expect(String(error)).toContain(answer.message?.slice(0, 100));
  });
});

describe('the options for Resend', () => {
  it('never quote the key', () => {
    const faults = optionFaults(emailNotifier, { ...optionsFor('resend'), to: [] });
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults)).not.toContain('re_123_secret');
  });
});
