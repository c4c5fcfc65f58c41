import { gzipSync } from 'node:zlib';
import type { Verdict } from '@labkeeper/core';
import {
  type Answer,
  conformCheck,
  conformPlugin,
  createLab,
  type HttpServerSetup,
  type LocalServer,
  ManualClock,
  MISBEHAVIOURS,
  type Misbehaviour,
  optionFaults,
  runCheck,
  startHttpServer,
  startInstance,
  startMisbehavingServer,
  TEST_CA,
} from '@labkeeper/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { httpCheck } from './http-check.js';
import plugin from './index.js';

const open: LocalServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serve(answer?: Answer, setup?: HttpServerSetup) {
  const server = await startHttpServer(answer, setup);
  open.push(server);
  return server;
}

async function misbehave(fault: Misbehaviour, clock?: ManualClock) {
  const server = await startMisbehavingServer(fault, clock);
  open.push(server);
  return server;
}

/** The verdict on a server that answers so, with these options. */
async function verdictOn(answer: Answer, options: Record<string, unknown> = {}): Promise<Verdict> {
  const { url } = await serve(answer);
  return runCheck(httpCheck, { url, ...options });
}

const page =
  (body: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(body);

describe('conformance', () => {
  let url = '';
  let close: () => Promise<void>;
  beforeAll(async () => ({ url, close } = await startHttpServer()));
  afterAll(() => close());

  conformPlugin(plugin);
  conformCheck({
    check: httpCheck,
    options: () => ({
      url,
      secret_headers: { 'x-api-key': 'a-secret-key' },
      basic_auth: { username: 'admin', password: 'a-secret-password' },
    }),
    invalid: [
      { options: {}, code: 'CONFIG_MISSING_KEY' },
      { options: { url: 'cloud.example.com' }, code: 'CONFIG_WRONG_VALUE' },
      { options: { url: 'http://nas.lan', expect: { staus: 200 } }, code: 'CONFIG_UNKNOWN_KEY' },
      { options: { url: 'http://user:pass@nas.lan' }, code: 'CONFIG_WRONG_VALUE' },
    ],
  });
});

describe('the options of the http check', () => {
  it.each([
    ['ip', { url: 'http://127.0.0.1/', ip: 6 }],
    ['ip', { url: 'http://[::1]/', ip: 4 }],
    ['expect.tls_days_left', { expect: { tls_days_left: 3 } }],
    ['expect.status', { expect: { redirect: '/x', status: 200 } }],
    ['method', { method: 'HEAD', expect: { body_contains: 'ok' } }],
    ['expect.json.0.min', { expect: { json: [{ path: '$.a', min: 5, max: 1 }] } }],
    ['expect.headers.age.min', { expect: { headers: { age: { min: 5, max: 1 } } } }],
  ])('refuses what can never be met: %s of %j', (path, options) => {
    const faults = optionFaults(httpCheck, { url: 'http://nas.lan/', ...options });
    expect(faults.map((fault) => fault.path.join('.'))).toEqual([path]);
  });

  it('names every fault at once, with its place', () => {
    const faults = optionFaults(httpCheck, {
      url: 'http://user@nas.lan',
      headers: { 'bad name': 'x', fine: 'two\r\nlines' },
      basic_auth: { username: 'a', password: 'b' },
      bearer_token: 'c',
      expect: {
        body_matches: '(?=look)',
        headers: { server: { matches: '(' } },
        json: [{ path: '$.a' }, { path: 'b', matches: '[' }],
      },
    });
    expect(faults.map(({ path }) => path.join('.'))).toEqual([
      'url',
      'headers.bad name',
      'headers.fine',
      'bearer_token',
      'expect.body_matches',
      'expect.headers.server.matches',
      'expect.json.1.path',
      'expect.json.1.matches',
    ]);
  });

  it.each([[200], ['2xx'], ['200-204'], [[200, '3xx', '400-404']]])('takes status %j', (status) => {
    expect(optionFaults(httpCheck, { url: 'http://nas.lan', expect: { status } })).toEqual([]);
  });

  it.each([[99], ['2x'], ['200-'], [[]]])('refuses status %j', (status) => {
    expect(optionFaults(httpCheck, { url: 'http://nas.lan', expect: { status } })).not.toEqual([]);
  });

  it('watches the site by its host, and by its port where it has one of its own', () => {
    const target = (url: string) => httpCheck.target({ url } as never);
    expect(target('https://cloud.example.com/status.php?a=b')).toEqual({
      entity: 'site:cloud.example.com',
      host: 'cloud.example.com',
      displayName: 'cloud.example.com/status.php',
    });
    expect(target('http://nas.lan:8080/')).toMatchObject({ entity: 'site:nas.lan:8080', host: 'nas.lan' });
  });
});

const FAULTS: readonly [Misbehaviour, RegExp][] = [
  ['refuse', /^connection refused by 127\.0\.0\.1:\d+$/],
  ['close', /^connection closed by 127\.0\.0\.1:\d+ before the answer was complete$/],
  ['reset', /^connection closed by 127/],
  ['cut', /^connection closed by 127/],
  ['garbage', /does not answer in HTTP$/],
  ['huge-headers', /^headers of the answer of 127.* are too large$/],
  ['redirect-loop', /^more than 5 redirects, the next one to http:\/\/127.*\/again$/],
  ['busy', /^expected status 200-299, got 429 Too Many Requests$/],
  ['broken', /^expected status 200-299, got 500 Internal Server Error$/],
  ['half-json', /^body is not JSON, it begins with '{"items":'$/],
  ['tls-expired', /^certificate expired \d+ days ago \(2021-01-01\)$/],
  ['tls-self-signed', /^certificate of 127.* is self-signed$/],
  ['tls-wrong-name', /^certificate of 127.* is not for 127\.0\.0\.1$/],
  ['tls-garbage', /^TLS handshake with 127.* failed: wrong version number$/],
];
const ENDLESS: readonly [Misbehaviour, RegExp][] = [
  ['silent', /^time-out after 9.5 s while connecting to 127/],
  ['hang', /^time-out after 9.5 s while waiting for the answer of 127/],
  ['slow-headers', /^time-out after 9.5 s while waiting for the answer of 127/],
  ['trickle', /^time-out after 9.5 s while reading the answer of 127/],
  ['tls-hang', /^time-out after 9.5 s while waiting for the TLS handshake of 127/],
];

describe('the http check against servers that misbehave', () => {
  it.each(FAULTS)('is down when a server plays %s, and says why', async (fault, message) => {
    const { url } = await misbehave(fault);
    const expectation = fault === 'half-json' ? { expect: { json: [{ path: '$.items' }] } } : {};
    const tls = fault === 'tls-self-signed' ? {} : { tls: { ca: TEST_CA } };
    const verdict = await runCheck(httpCheck, { url, ...expectation, ...tls });
    expect(verdict).toMatchObject({ status: 'down', message: expect.stringMatching(message) });
    expect(verdict.samples).toContainEqual({
      name: 'probe_http_status_code',
      value: verdict.details?.status ?? 0,
    });
  });

  it.each(ENDLESS)(
    'is down when the time is up with a server that plays %s, and says where',
    async (fault, message) => {
      const clock = new ManualClock();
      const server = await misbehave(fault, clock);
      const verdict = runCheck(httpCheck, { url: server.url }, createLab({ clock }));
      await server.asked;
      await clock.advance(10_000);
      expect(await verdict).toMatchObject({ status: 'down', message: expect.stringMatching(message) });
      expect(clock.pendingTimers).toBeLessThanOrEqual(
        fault === 'trickle' || fault === 'slow-headers' ? 1 : 0,
      );
    },
  );

  it('is up when a body without an end begins well', async () => {
    const { url } = await misbehave('huge-body');
    expect(await runCheck(httpCheck, { url, max_body_bytes: 100_000 })).toMatchObject({ status: 'up' });
    const looking = { url, max_body_bytes: 100_000, expect: { body_contains: 'needle' } };
    expect((await runCheck(httpCheck, looking)).message).toBe(
      "body does not contain 'needle' within max_body_bytes",
    );
  });

  it('is not up when an unwanted text may stand beyond what was read, and down for what is wrong before', async () => {
    const { url } = await misbehave('huge-body');
    const looking = { url, max_body_bytes: 100_000, expect: { body_not_contains: 'needle' } };
    expect(await runCheck(httpCheck, looking)).toMatchObject({
      status: 'degraded',
      message: expect.stringContaining('was not read') as string,
    });
    const both = { ...looking, expect: { body_not_contains: 'needle', body_matches: 'needle' } };
    expect((await runCheck(httpCheck, both)).status).toBe('down');
  });

  it('has been tried against every fault there is', () => {
    const tried = [...FAULTS, ...ENDLESS].map(([fault]) => fault);
    expect(new Set([...tried, 'huge-body'])).toEqual(new Set(MISBEHAVIOURS));
  });
});

describe('what the http check expects', () => {
  const json = page(
    '{"installed":true,"load":0.5,"text":"7","nodes":[{"up":true},{"up":false}],"none":null}',
  );

  it.each<[string, Answer, Record<string, unknown>, string]>([
    ['a code', page(''), { status: 204 }, 'expected status 204, got 200 OK'],
    ['a list of codes', page(''), { status: [204, '3xx'] }, 'expected status 204, 300-399, got 200 OK'],
    ['a text', page('all is bad'), { body_contains: 'all is well' }, "body does not contain 'all is well'"],
    [
      'no such text',
      page('Fatal error'),
      { body_not_contains: 'Fatal error' },
      "body contains 'Fatal error'",
    ],
    ['a pattern', page('v1.2'), { body_matches: '^v2\\.' }, "body does not match '^v2\\.'"],
    [
      'JSON',
      page('<html>\n<body>'),
      { json: [{ path: '$' }] },
      "body is not JSON, it begins with '<html> <body>'",
    ],
    ['JSON', page(''), { json: [{ path: '$' }] }, 'body is empty, expected JSON'],
    [
      'a JSON value',
      json,
      { json: [{ path: '$.installed', equals: false }] },
      'expected $.installed to be false, got true',
    ],
    ['a JSON value', json, { json: [{ path: '$.installd' }] }, 'body has no $.installd'],
    ['no JSON value', json, { json: [{ path: '$.none', exists: false }] }, 'body has $.none'],
    ['null', json, { json: [{ path: '$.load', equals: null }] }, 'expected $.load to be null, got 0.5'],
    [
      'a lower bound',
      json,
      { json: [{ path: '$.load', min: 0.6 }] },
      'expected $.load to be at least 0.6, got 0.5',
    ],
    [
      'an upper bound',
      json,
      { json: [{ path: '$.text', max: 6 }] },
      "expected $.text to be at most 6, got '7'",
    ],
    [
      'a bound of a number',
      json,
      { json: [{ path: '$.nodes', max: 6 }] },
      'expected $.nodes to be at most 6, got [{"up":true},{"up":false}]',
    ],
    [
      'every selected value',
      json,
      { json: [{ path: '$.nodes[*].up', equals: true }] },
      'expected $.nodes[*].up to be true, got false',
    ],
    [
      'a JSON pattern',
      json,
      { json: [{ path: '$.text', matches: '^[a-z]$' }] },
      "expected $.text to match '^[a-z]$', got '7'",
    ],
    ['a header', page(''), { headers: { 'X-Frame-Options': 'DENY' } }, 'header X-Frame-Options is missing'],
    [
      'a header',
      page('', { server: 'nginx' }),
      { headers: { Server: 'Caddy' } },
      "expected header Server to be 'Caddy', got 'nginx'",
    ],
    [
      'no header',
      page('', { server: 'nginx' }),
      { headers: { server: { exists: false } } },
      'header server is there',
    ],
    [
      'a part of a header',
      page('', { server: 'nginx' }),
      { headers: { server: { contains: 'Caddy' } } },
      "expected header server to contain 'Caddy', got 'nginx'",
    ],
    [
      'a redirect',
      page(''),
      { redirect: '/login', status: [200, '3xx'] },
      expect.stringMatching(/^expected a redirect to http:\/\/127.*\/login, got none$/) as never,
    ],
  ])('is down without %s', async (_, answer, wish, message) => {
    expect(await verdictOn(answer, { expect: wish })).toMatchObject({ status: 'down', message });
  });

  it('is up when all of it is met', async () => {
    const verdict = await verdictOn(
      page('{"installed":true,"version":"31.0.2"}', { 'content-type': 'application/json' }),
      {
        expect: {
          status: [200, 204],
          headers: { 'content-type': { contains: 'json' }, 'x-powered-by': { exists: false } },
          body_contains: 'installed',
          body_not_contains: 'maintenance',
          body_matches: '"version":"31\\.',
          json: [
            { path: '$.installed', equals: true },
            { path: '$.version', matches: '^31\\.' },
            { path: '$.error', exists: false },
          ],
          max_latency: '9s',
        },
      },
    );
    expect(verdict).toMatchObject({ status: 'up', message: expect.stringMatching(/^200 in \d[\d.]* ms$/) });
  });

  it('reads a body that comes compressed although nobody asked for it, within the limit', async () => {
    const packed: Answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5_000)));
    expect(await verdictOn(packed, { expect: { body_contains: 'xxx' } })).toMatchObject({ status: 'up' });
    const small = { expect: { body_contains: 'xxx' }, max_body_bytes: 1_000 };
    expect((await verdictOn(packed, small)).message).toBe('the compressed body cannot be unpacked');
  });

  it('reads the character set that the answer names', async () => {
    const latin: Answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=ISO-8859-1' })
        .end(Buffer.from('Küche', 'latin1'));
    expect(await verdictOn(latin, { expect: { body_contains: 'Küche' } })).toMatchObject({ status: 'up' });
  });

  it('is degraded when a good answer is slow', async () => {
    const verdict = await verdictOn(page(''), { expect: { max_latency: '0s' } });
    expect(verdict).toMatchObject({
      status: 'degraded',
      message: expect.stringMatching(/^200 in .* ms, allowed are 0 ms$/),
    });
  });

  it('tells what is down before what is only slow', async () => {
    expect(await verdictOn(page(''), { expect: { max_latency: '0s', status: 204 } })).toMatchObject({
      status: 'down',
    });
  });
});

describe('redirects of the http check', () => {
  const redirecting: Answer = ({ path }, response) => {
    if (path === '/') response.writeHead(302, { location: '/login?token=abc' });
    response.end();
  };

  it('are followed, and the last answer counts', async () => {
    const verdict = await verdictOn(redirecting);
    expect(verdict).toMatchObject({
      status: 'up',
      message: expect.stringMatching(/^200 in .* ms after a redirect$/),
    });
    expect(verdict.details?.redirected_to).toMatch(/\/login\?token=…$/);
  });

  it('are the answer when none may be followed', async () => {
    const verdict = await verdictOn(redirecting, { max_redirects: 0 });
    expect(verdict.message).toMatch(/^expected status 200-299, got 302 Found to http:.*\/login\?token=…$/);
  });

  it('can be what is expected', async () => {
    expect(await verdictOn(redirecting, { expect: { redirect: '/login?token=abc' } })).toMatchObject({
      status: 'up',
    });
    expect((await verdictOn(redirecting, { expect: { redirect: '/home' } })).message).toMatch(
      /^expected a redirect to http:.*\/home, got one to http:.*\/login\?token=…$/,
    );
  });

  it('say which server did not answer', async () => {
    const { url } = await misbehave('refuse');
    const verdict = await verdictOn((_, response) => response.writeHead(301, { location: `${url}/x` }).end());
    expect(verdict.message).toMatch(
      /^connection refused by 127\.0\.0\.1:\d+, redirected to http:\/\/127.*\/x$/,
    );
  });
});

describe('certificates of the http check', () => {
  const DAY_MS = 86_400_000;
  const EXPIRY_MS = Date.UTC(2120, 0, 1);

  /** The verdict some days before the certificate of the test server ends. */
  async function verdictWithDaysLeft(days: number, options: Record<string, unknown> = {}): Promise<Verdict> {
    const { url } = await serve(undefined, { certificate: 'trusted' });
    const clock = new ManualClock(EXPIRY_MS - days * DAY_MS);
    return runCheck(httpCheck, { url, tls: { ca: TEST_CA }, ...options }, createLab({ clock }));
  }

  it('are reported with their end', async () => {
    const verdict = await verdictWithDaysLeft(100);
    expect(verdict).toMatchObject({
      status: 'up',
      details: {
        tls_version: 'TLSv1.3',
        certificate_issuer: 'Labkeeper test authority',
        certificate_expires: '2120-01-01',
      },
    });
    expect(verdict.samples).toContainEqual({
      name: 'probe_ssl_earliest_cert_expiry',
      value: EXPIRY_MS / 1_000,
    });
  });

  it('degrade the check when they end soon, as the file says or within 14 days', async () => {
    expect(await verdictWithDaysLeft(6.5)).toMatchObject({
      status: 'degraded',
      message: 'certificate expires in 6 days (2120-01-01)',
    });
    expect(await verdictWithDaysLeft(20)).toMatchObject({ status: 'up' });
    expect(await verdictWithDaysLeft(20, { expect: { tls_days_left: 30 } })).toMatchObject({
      status: 'degraded',
    });
    expect(await verdictWithDaysLeft(1, { expect: { tls_days_left: 0 } })).toMatchObject({ status: 'up' });
  });

  it('take the check down when they have ended, even where the machine’s own clock is late', async () => {
    expect(await verdictWithDaysLeft(-3)).toMatchObject({
      status: 'down',
      message: 'certificate expired 3 days ago (2120-01-01)',
    });
  });

  it('are not looked at by who trusts without looking, unless asked for', async () => {
    const insecure = { tls: { trust: 'insecure' } };
    expect(await verdictWithDaysLeft(2, insecure)).toMatchObject({ status: 'up' });
    expect(await verdictWithDaysLeft(2, { ...insecure, expect: { tls_days_left: 10 } })).toMatchObject({
      status: 'degraded',
    });
  });
});

describe('what the http check sends', () => {
  it('is the method, the headers, the credentials and the body of the file', async () => {
    const server = await serve();
    await runCheck(httpCheck, {
      url: `${server.url}/api?x=1`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      secret_headers: { 'X-Api-Key': 'a-secret-key' },
      body: '{"ping":1}',
      basic_auth: { username: 'admin', password: 'p:ss' },
    });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api?x=1',
        body: '{"ping":1}',
        headers: {
          'content-type': 'application/json',
          'x-api-key': 'a-secret-key',
          authorization: `Basic ${Buffer.from('admin:p:ss').toString('base64')}`,
          'user-agent': 'Labkeeper',
          connection: 'close',
        },
      },
    ]);
  });

  it('can be a bearer token', async () => {
    const server = await serve();
    await runCheck(httpCheck, { url: server.url, bearer_token: 'a-secret-token' });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer a-secret-token');
  });
});

describe('retries of the http check', () => {
  it('are made within one run, until one is good', async () => {
    let answers = 0;
    const server = await serve((_, response) => response.writeHead(++answers < 3 ? 503 : 200).end());
    const verdict = await runCheck(httpCheck, { url: server.url, retries: 3, retry_after: '1ms' });
    expect(verdict).toMatchObject({ status: 'up', message: expect.stringMatching(/ \(3 tries\)$/) });
    expect(server.requests).toHaveLength(3);
  });

  it('share the time-out, so that a run with long pauses still ends in time', async () => {
    const clock = new ManualClock();
    const server = await misbehave('hang');
    const verdict = runCheck(
      httpCheck,
      { url: server.url, retries: 1, retry_after: '1m' },
      createLab({ clock }),
    );
    await server.asked;
    await clock.advance(10_000);
    expect((await verdict).message).toMatch(/^time-out after 2\.375 s while .* \(2 tries\)$/);
  });

  it('end when the run is told to stop', async () => {
    const server = await misbehave('hang');
    const instance = await startInstance(httpCheck, { url: server.url });
    const stopping = new AbortController();
    const run = httpCheck.check(instance.run(10_000, stopping.signal));
    await server.asked;
    stopping.abort(new Error('stopped by the test'));
    await expect(run).rejects.toThrow('stopped by the test');
    await instance.stop();
  });
});

describe('what the http check records', () => {
  const namesOf = ({ samples = [] }: Verdict) =>
    samples.map(({ name, labels }) => name + (labels ? JSON.stringify(labels) : ''));

  it('is the status and the phases that happened, unless the file says otherwise', async () => {
    expect(namesOf(await verdictOn(page('')))).toEqual([
      'probe_http_status_code',
      'probe_http_duration_seconds{"phase":"connect"}',
      'probe_http_duration_seconds{"phase":"processing"}',
      'probe_http_duration_seconds{"phase":"transfer"}',
    ]);
    expect(namesOf(await verdictOn(page(''), { metrics: 'minimal' }))).toEqual(['probe_http_status_code']);
  });

  it('can be everything that blackbox_exporter reports', async () => {
    const { url } = await serve(page('hello'), { certificate: 'trusted' });
    const wish = { body_matches: 'goodbye' };
    const verdict = await runCheck(httpCheck, { url, metrics: 'all', tls: { ca: TEST_CA }, expect: wish });
    expect(verdict.samples).toEqual(
      expect.arrayContaining([
        { name: 'probe_failed_due_to_regex', value: 1 },
        { name: 'probe_http_redirects', value: 0 },
        { name: 'probe_http_ssl', value: 1 },
        { name: 'probe_http_version', value: 1.1 },
        { name: 'probe_http_uncompressed_body_length', value: 5 },
        { name: 'probe_ip_protocol', value: 4 },
        { name: 'probe_tls_version_info', labels: { version: 'TLS 1.3' }, value: 1 },
        { name: 'probe_http_duration_seconds', labels: { phase: 'tls' }, value: expect.any(Number) },
      ]),
    );
  });
});
