import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DropFailure, type HttpRequest, RetryFailure, Secret } from '@labkeeper/core';
import { ManualClock, systemClock } from '@labkeeper/core/runtime';
import { createHttpClient } from '@labkeeper/toolbox';
import { afterEach, describe, expect, it } from 'vitest';
import { TEST_CA } from './certificates.js';
import { type Answer, type HttpServerSetup, startHttpServer } from './http-server.js';
import type { LocalServer } from './local-server.js';
import { type Misbehaviour, startMisbehavingServer } from './misbehaving-server.js';

// The HTTP client of the toolbox against the servers of the testkit; see probe-http.test.ts for why it is here.

const stopping = new AbortController();
const client = createHttpClient({ clock: systemClock(), signal: stopping.signal });
const open: LocalServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serve(answer?: Answer, setup?: HttpServerSetup) {
  const server = await startHttpServer(answer, setup);
  open.push(server);
  return server;
}

/** What the client rejects with. */
async function failureOf(fault: Misbehaviour, options: Partial<HttpRequest> = {}): Promise<unknown> {
  const server = await startMisbehavingServer(fault);
  open.push(server);
  const url = options.url ?? `${server.url}/path?token=secret`;
  return client.request({ ...options, url }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const FAULTS: readonly [Misbehaviour, string, RegExp][] = [
  ['refuse', 'CONNECTION_FAILED', /connection refused by 127\.0\.0\.1:\d+$/],
  ['close', 'CONNECTION_FAILED', /connection closed by 127/],
  ['reset', 'CONNECTION_FAILED', /connection closed by 127/],
  ['cut', 'CONNECTION_FAILED', /connection closed by 127/],
  ['garbage', 'CONNECTION_FAILED', /does not answer in HTTP$/],
  ['huge-headers', 'CONNECTION_FAILED', /headers of the answer .* are too large$/],
  ['tls-expired', 'CONNECTION_FAILED', /has expired$/],
  ['tls-wrong-name', 'CONNECTION_FAILED', /is not for 127\.0\.0\.1$/],
  ['tls-self-signed', 'CONNECTION_FAILED', /is self-signed$/],
  ['tls-garbage', 'CONNECTION_FAILED', /TLS handshake with 127.* failed/],
];

describe('the HTTP client against servers that misbehave', () => {
  it.each(FAULTS)(
    'asks for a retry of a server that plays %s, and says why',
    async (fault, code, message) => {
      const error = await failureOf(fault, fault === 'tls-self-signed' ? {} : { tls: { ca: TEST_CA } });
      expect(error).toBeInstanceOf(RetryFailure);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(String(error)).toContain('/path?token=…');
    },
  );

  it.each(['silent', 'hang', 'trickle', 'slow-headers', 'tls-hang'] as const)(
    'gives up a server that plays %s when the time is up',
    async (fault) => {
      const clock = new ManualClock();
      const server = await startMisbehavingServer(fault, clock);
      open.push(server);
      const stopping = new AbortController();
      const answer = createHttpClient({ clock, signal: stopping.signal }).request({
        url: server.url,
        timeoutMs: 3_000,
      });
      const failed = expect(answer).rejects.toMatchObject({ name: 'RetryFailure', code: 'RESPONSE_TIMEOUT' });
      await server.asked;
      await clock.advance(3_000);
      await failed;
      stopping.abort();
    },
  );

  it('drops an answer that is too large, whether its length was declared or not', async () => {
    expect(await failureOf('huge-body', { maxResponseBytes: 50_000 })).toBeInstanceOf(DropFailure);
    const server = await serve((_, response) => response.end('x'.repeat(2_000)));
    await expect(client.request({ url: server.url, maxResponseBytes: 1_999 })).rejects.toMatchObject({
      name: 'DropFailure',
      code: 'RESPONSE_TOO_LARGE',
    });
    expect((await client.request({ url: server.url, maxResponseBytes: 2_000 })).body).toHaveLength(2_000);
  });

  it('resolves with any status and its headers', async () => {
    const server = await startMisbehavingServer('busy');
    open.push(server);
    expect(await client.request({ url: server.url })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
    });
  });

  it('says how an answer begins that should have been JSON', async () => {
    const server = await startMisbehavingServer('half-json');
    open.push(server);
    const response = await client.request({ url: server.url });
    expect(() => response.json()).toThrow(
      expect.objectContaining({
        code: 'RESPONSE_MALFORMED',
        message: expect.stringContaining(`'{"items":'`),
      }),
    );
  });
});

describe('the HTTP client', () => {
  it('keeps connections and shares them', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((_, response) => {
      ports.add(response.socket?.remotePort);
      response.end();
    });
    for (let count = 0; count < 10; count++) await client.request({ url: server.url });
    // undici opens a second one while it lays the first aside.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('sends JSON as POST with its type, and reveals secrets in headers only on the wire', async () => {
    const server = await serve((_, response) =>
      response.setHeader('x-list', ['a', 'b']).end('{"fine":true}'),
    );
    const response = await client.request({
      url: server.url,
      json: { a: 1 },
      headers: { Authorization: new Secret('Bearer a-secret') },
    });
    expect(response.json()).toEqual({ fine: true });
    expect(response.headers['x-list']).toBe('a, b');
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-secret' },
    });
  });

  it('shows of a secret address nothing but its origin', async () => {
    const server = await startMisbehavingServer('refuse');
    open.push(server);
    const url = new Secret(`${server.url}/services/T000/B000/XXXX`);
    const error = await client.request({ url, method: 'POST' }).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe(
      `RetryFailure: POST ${server.url}: connection refused by 127.0.0.1:${server.port}`,
    );
    await expect(client.request({ url: new Secret('T000/B000') })).rejects.toThrow(
      'The secret address is not an http(s) address.',
    );
  });

  it('sends credentials of the URL as a header and shows them nowhere', async () => {
    const server = await serve();
    await client.request({ url: server.url.replace('//', '//user:p%40ss@') });
    expect(server.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    );
    const refusing = await startMisbehavingServer('refuse');
    open.push(refusing);
    const error = await client.request({ url: refusing.url.replace('//', '//user:p%40ss@') }).catch(String);
    expect(error).not.toContain('ss@');
  });

  it('follows no redirect unless told to, and then takes no secret to another origin', async () => {
    const other = await serve();
    const server = await serve((_, response) =>
      response.writeHead(307, { location: `${other.url}/there` }).end(),
    );
    const request = { url: server.url, headers: { 'x-api-key': new Secret('a-secret-key') } };
    expect((await client.request(request)).status).toBe(307);
    expect((await client.request({ ...request, maxRedirects: 1 })).status).toBe(200);
    expect(other.requests).toHaveLength(1);
    expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('trusts what it is told to trust', async () => {
    const server = await serve(undefined, { certificate: 'trusted' });
    expect((await client.request({ url: server.url, tls: { ca: TEST_CA } })).status).toBe(200);
    expect((await client.request({ url: server.url, tls: { trust: 'insecure' } })).status).toBe(200);
    await expect(client.request({ url: server.url })).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  });

  it('sends nothing to a server with another certificate than the pinned one', async () => {
    const server = await serve(undefined, { certificate: 'self-signed' });
    const wrong = { url: server.url, tls: { fingerprint: 'ab'.repeat(32) } };
    await expect(client.request(wrong)).rejects.toThrow('is not the one with the given fingerprint');
    expect(server.requests).toEqual([]);
    const right = { url: server.url, tls: { fingerprint: SELF_SIGNED_FINGERPRINT } };
    expect((await client.request(right)).status).toBe(200);
  });

  it('talks to a Unix socket', async () => {
    const socketPath = join(await mkdtemp(join(tmpdir(), 'labkeeper-socket-')), 'api.sock');
    const server = createServer((request, response) => response.end(`${request.headers.host}${request.url}`));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const response = await client.request({ url: 'http://docker/version', socketPath });
    expect(response.text()).toBe('docker/version');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(client.request({ url: 'http://docker/version', socketPath })).rejects.toThrow(
      /there is no socket .*api\.sock$/,
    );
  });

  it('ends a request when its caller stops', async () => {
    const server = await startMisbehavingServer('hang');
    open.push(server);
    const stopping = new AbortController();
    const answer = client.request({ url: server.url, signal: stopping.signal });
    await server.asked;
    stopping.abort();
    await expect(answer).rejects.toMatchObject({
      code: 'RESPONSE_TIMEOUT',
      message: expect.stringContaining('told to stop'),
    });
  });

  it('ends everything when it is stopped itself, and takes nothing more', async () => {
    const server = await startMisbehavingServer('hang');
    open.push(server);
    const stopping = new AbortController();
    const stopped = createHttpClient({ clock: systemClock(), signal: stopping.signal });
    const answer = stopped.request({ url: server.url });
    await server.asked;
    stopping.abort();
    await expect(answer).rejects.toBeInstanceOf(RetryFailure);
    await expect(stopped.request({ url: server.url })).rejects.toBeInstanceOf(RetryFailure);
  });
});

const SELF_SIGNED_FINGERPRINT =
  'EF:52:1B:86:94:CA:CF:7F:29:46:68:39:50:19:1D:21:51:CC:EF:76:21:1B:8B:96:52:D7:0E:60:9D:4E:DD:94';
