import { createServer } from 'node:net';
import { Secret } from '@labkeeper/core';
import { ManualClock, systemClock } from '@labkeeper/core/runtime';
import { type ProbeReport, type ProbeRequest, probeHttp } from '@labkeeper/toolbox';
import { afterEach, describe, expect, it } from 'vitest';
import { TEST_CA } from './certificates.js';
import { type Answer, type HttpServerSetup, startHttpServer } from './http-server.js';
import { type LocalServer, listenLocally } from './local-server.js';
import { MISBEHAVIOURS, type Misbehaviour, startMisbehavingServer } from './misbehaving-server.js';

// The probe of the toolbox and these servers test each other. They meet here, because the toolbox cannot depend on the
// testkit, which is built on it.

const TIMEOUT_MS = 10_000;
const open: LocalServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serve(answer?: Answer, setup?: HttpServerSetup) {
  const server = await startHttpServer(answer, setup);
  open.push(server);
  return server;
}

/** A server that answers every request with these bytes. */
async function serveBytes(bytes: string, afterwards: 'close' | 'stay'): Promise<LocalServer> {
  const server = await listenLocally(
    createServer((socket) => {
      socket.once('data', () => (afterwards === 'close' ? socket.end(bytes) : socket.write(bytes)));
    }),
  );
  open.push(server);
  return server;
}

function probe(url: string, options: Partial<ProbeRequest> = {}): Promise<ProbeReport> {
  return probeHttp({ url: new URL(url), clock: systemClock(), timeoutMs: TIMEOUT_MS, ...options });
}

/** Probes a server that never finishes, and lets the time-out pass on a clock that is pushed. */
async function probeUntilTimeout(fault: Misbehaviour): Promise<ProbeReport> {
  const clock = new ManualClock();
  const server = await startMisbehavingServer(fault, clock);
  open.push(server);
  const report = probeHttp({ url: new URL(server.url), clock, timeoutMs: TIMEOUT_MS });
  await server.asked;
  await clock.advance(TIMEOUT_MS);
  return report;
}

async function probeFault(fault: Misbehaviour, options?: Partial<ProbeRequest>): Promise<ProbeReport> {
  const server = await startMisbehavingServer(fault);
  open.push(server);
  return probe(server.url, options);
}

const NETWORK_FAULTS: readonly [Misbehaviour, { phase: string; reason: string; message: RegExp }][] = [
  ['refuse', { phase: 'connect', reason: 'network', message: /^connection refused by 127\.0\.0\.1:\d+$/ }],
  [
    'close',
    { phase: 'processing', reason: 'network', message: /^connection closed by 127.* before the answer/ },
  ],
  ['reset', { phase: 'processing', reason: 'network', message: /^connection closed by 127/ }],
  ['cut', { phase: 'transfer', reason: 'network', message: /^connection closed by 127/ }],
  ['garbage', { phase: 'processing', reason: 'network', message: /does not answer in HTTP$/ }],
  [
    'huge-headers',
    { phase: 'processing', reason: 'network', message: /^headers of the answer .* are too large$/ },
  ],
  [
    'tls-garbage',
    { phase: 'tls', reason: 'network', message: /^TLS handshake with 127.* failed: wrong version number$/ },
  ],
  ['tls-expired', { phase: 'tls', reason: 'untrusted', message: /has expired$/ }],
  ['tls-wrong-name', { phase: 'tls', reason: 'untrusted', message: /is not for 127\.0\.0\.1$/ }],
  ['tls-self-signed', { phase: 'tls', reason: 'untrusted', message: /is self-signed$/ }],
];

const ENDLESS: readonly [Misbehaviour, { phase: string; message: RegExp }][] = [
  ['silent', { phase: 'connect', message: /^time-out after 10 s while connecting to 127/ }],
  ['hang', { phase: 'processing', message: /^time-out after 10 s while waiting for the answer of 127/ }],
  [
    'slow-headers',
    { phase: 'processing', message: /^time-out after 10 s while waiting for the answer of 127/ },
  ],
  ['trickle', { phase: 'transfer', message: /^time-out after 10 s while reading the answer of 127/ }],
  ['tls-hang', { phase: 'tls', message: /^time-out after 10 s while waiting for the TLS handshake of 127/ }],
];

describe('the probe against servers that misbehave', () => {
  it.each(NETWORK_FAULTS)(
    'says what is wrong with a server that plays %s',
    async (fault, { phase, reason, message }) => {
      const trusting = { tls: { ca: TEST_CA } };
      const { failure } = await probeFault(fault, fault === 'tls-self-signed' ? {} : trusting);
      expect(failure).toEqual({ phase, reason, message: expect.stringMatching(message) });
    },
  );

  it.each(ENDLESS)(
    'gives up a server that plays %s when the time is up, and says where it was',
    async (fault, { phase, message }) => {
      const { failure } = await probeUntilTimeout(fault);
      expect(failure).toEqual({ phase, reason: 'timeout', message: expect.stringMatching(message) });
    },
  );

  it('stops reading a body that never ends at its limit', async () => {
    const { answer } = await probeFault('huge-body', { maxBodyBytes: 100_000, bodyUse: 'keep' });
    expect(answer).toMatchObject({ status: 200, isBodyCut: true });
    expect(answer?.body.length).toBe(100_000);
  });

  it('gives up a redirect loop at its limit', async () => {
    const { failure, hops } = await probeFault('redirect-loop', { maxRedirects: 3 });
    expect(failure).toMatchObject({
      reason: 'redirects',
      message: expect.stringMatching(/^more than 3 redirects, the next one to http:.*\/again$/),
    });
    expect(hops).toHaveLength(4);
  });

  it.each([
    ['busy', 429],
    ['broken', 500],
    ['half-json', 200],
  ] as const)('reports the status of a server that plays %s', async (fault, status) => {
    expect((await probeFault(fault)).answer?.status).toBe(status);
  });

  it('has been tried against every fault there is', () => {
    const tried = [...NETWORK_FAULTS, ...ENDLESS].map(([fault]) => fault);
    expect(new Set([...tried, 'huge-body', 'redirect-loop', 'busy', 'broken', 'half-json'])).toEqual(
      new Set(MISBEHAVIOURS),
    );
  });
});

describe('the probe against a good server', () => {
  it('opens a connection of its own for every request', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((_, response) => {
      ports.add(response.socket?.remotePort);
      response.end('ok');
    });
    for (const _ of [1, 2, 3]) expect((await probe(server.url)).answer?.status).toBe(200);
    expect(ports.size).toBe(3);
  });

  it('measures the phases that happened', async () => {
    const server = await serve();
    const { phases, totalMs, hops } = await probe(server.url);
    expect(Object.keys(phases)).toEqual(['connect', 'processing', 'transfer']);
    expect(Object.values(phases).reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(totalMs);
    expect(hops[0]).toMatchObject({ address: { address: '127.0.0.1', family: 4 }, status: 200 });
  });

  it('reads the body when it is wanted, also in chunks', async () => {
    const server = await serve((_, response) => {
      response.write('hello ');
      response.end('world');
    });
    const kept = await probe(server.url, { bodyUse: 'keep' });
    expect(kept.answer?.body.toString()).toBe('hello world');
    const discarded = await probe(server.url);
    expect(discarded.answer).toMatchObject({ bodyBytes: 11, body: Buffer.alloc(0) });
  });

  it('sends method, headers, secrets and body', async () => {
    const server = await serve();
    await probe(`${server.url}/path?a=1`, {
      method: 'POST',
      headers: { 'X-Token': new Secret('a-secret-token'), host: 'virtual.example' },
      body: 'grüße',
    });
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: '/path?a=1',
        body: 'grüße',
        headers: expect.objectContaining({
          'x-token': 'a-secret-token',
          host: 'virtual.example',
          'content-length': '7',
        }),
      },
    ]);
  });

  it('sums the phases over redirects and keeps every hop', async () => {
    const server = await serve((request, response) => {
      if (request.path === '/') response.writeHead(302, { location: '/next' });
      response.end();
    });
    const { answer, hops } = await probe(server.url, { maxRedirects: 5 });
    expect(answer?.status).toBe(200);
    expect(hops.map(({ url, status }) => [url.pathname, status])).toEqual([
      ['/', 302],
      ['/next', 200],
    ]);
  });

  it('gives secrets to no other origin, and turns a redirected POST into a GET', async () => {
    const other = await serve();
    const server = await serve((_, response) =>
      response.writeHead(302, { location: `${other.url}/there` }).end(),
    );
    const headers = {
      'x-token': new Secret('a-secret-token'),
      authorization: 'Basic eDp5',
      'x-plain': 'yes',
      'content-type': 'text/plain',
    };
    await probe(server.url, { maxRedirects: 1, method: 'POST', body: 'x', headers });
    expect(server.requests[0]?.headers).toMatchObject({ 'x-token': 'a-secret-token' });
    expect(other.requests).toHaveLength(1);
    const [request] = other.requests;
    expect(request).toMatchObject({ method: 'GET', path: '/there', body: '' });
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      'accept',
      'connection',
      'host',
      'user-agent',
      'x-plain',
    ]);
  });

  it.each([
    ['closes to end the body, as HTTP/1.0 does', 'HTTP/1.0 200 OK\r\n\r\nhello'],
    [
      'sends hints before the answer',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    ],
    [
      'sends more than it declared',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello and more',
    ],
    [
      'sends trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
    ],
  ])('understands a server that %s', async (_, bytes) => {
    const server = await serveBytes(bytes, 'close');
    expect((await probe(server.url, { bodyUse: 'keep' })).answer).toMatchObject({
      status: 200,
      body: Buffer.from('hello'),
    });
  });

  it('does not wait for a server that keeps the connection open although it was told not to', async () => {
    const server = await serveBytes('HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n', 'stay');
    expect((await probe(server.url)).answer?.status).toBe(204);
  });

  it('does not follow a server into another protocol', async () => {
    const server = await serveBytes(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\n',
      'stay',
    );
    expect((await probe(server.url)).failure).toMatchObject({ phase: 'processing', reason: 'network' });
  });

  it('resolves names, and measures how long that took', async () => {
    const server = await serve();
    const { answer, phases } = await probe(server.url.replace('127.0.0.1', 'localhost'));
    expect(answer?.status).toBe(200);
    expect(phases.resolve).toBeGreaterThan(0);
  });

  it('refuses an address of the version that was not wanted', async () => {
    const server = await serve();
    const { failure } = await probe(server.url, { ipVersion: 6 });
    expect(failure).toEqual({
      phase: 'resolve',
      reason: 'network',
      message: 'no IPv6 address for 127.0.0.1',
    });
  });

  it('ends at once when it is told to stop', async () => {
    const server = await startMisbehavingServer('hang');
    open.push(server);
    const stopping = new AbortController();
    const report = probe(server.url, { signal: stopping.signal });
    await server.asked;
    stopping.abort();
    expect((await report).failure).toMatchObject({ reason: 'aborted', phase: 'processing' });
  });

  it('does not even begin when it was told to stop before', async () => {
    const server = await serve();
    expect((await probe(server.url, { signal: AbortSignal.abort() })).failure?.reason).toBe('aborted');
    expect(server.requests).toEqual([]);
  });
});

describe('the probe and TLS', () => {
  it('reports the certificate of a trusted server', async () => {
    const server = await serve(undefined, { certificate: 'trusted' });
    const { hops, phases } = await probe(server.url, { tls: { ca: TEST_CA } });
    expect(hops[0]?.tls).toEqual({
      protocol: 'TLSv1.3',
      subject: 'localhost',
      issuer: 'Labkeeper test authority',
      notBeforeMs: Date.UTC(2020, 0, 1),
      notAfterMs: Date.UTC(2120, 0, 1),
      earliestExpiryMs: Date.UTC(2120, 0, 1),
    });
    expect(phases.tls).toBeGreaterThan(0);
  });

  it('reports the dates of a certificate that it does not trust, and sends that server nothing', async () => {
    const server = await serve(undefined, { certificate: 'expired' });
    const { hops, failure } = await probe(server.url, { tls: { ca: TEST_CA } });
    expect(failure?.reason).toBe('untrusted');
    expect(hops[0]?.tls).toMatchObject({ fault: 'CERT_HAS_EXPIRED', notAfterMs: Date.UTC(2021, 0, 1) });
    expect(server.requests).toEqual([]);
  });

  it('trusts exactly the certificate whose fingerprint it was given', async () => {
    const server = await serve(undefined, { certificate: 'self-signed' });
    const insecure = await probe(server.url, { tls: { trust: 'insecure' } });
    expect(insecure.answer?.status).toBe(200);
    const wrong = await probe(server.url, { tls: { fingerprint: `${'AA:'.repeat(31)}AA` } });
    expect(wrong.failure?.message).toMatch(/is not the one with the given fingerprint$/);
    const right = await probe(server.url, { tls: { fingerprint: SELF_SIGNED_FINGERPRINT } });
    expect(right.answer?.status).toBe(200);
  });

  it('holds the certificate against the server name that was given', async () => {
    const server = await startMisbehavingServer('tls-wrong-name');
    open.push(server);
    const { answer } = await probe(server.url, { tls: { ca: TEST_CA, serverName: 'elsewhere.example' } });
    expect(answer?.status).toBe(200);
  });
});

const SELF_SIGNED_FINGERPRINT =
  'EF:52:1B:86:94:CA:CF:7F:29:46:68:39:50:19:1D:21:51:CC:EF:76:21:1B:8B:96:52:D7:0E:60:9D:4E:DD:94';

describe('the probe and overload', () => {
  it('gives a target back the time that this process was busy', async () => {
    const clock = new ManualClock();
    const server = await serve();
    const report = probeHttp({ url: new URL(server.url), clock, timeoutMs: TIMEOUT_MS });
    // The whole process stands still for longer than the time-out, right after the connection was begun.
    await clock.sleepMachine(TIMEOUT_MS + 5_000);
    expect((await report).answer?.status).toBe(200);
  });
});
