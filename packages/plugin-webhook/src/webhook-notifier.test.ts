import { createHmac } from 'node:crypto';
import type { Notification } from '@labkeeper/core';
import {
  conformNotifier,
  conformPlugin,
  createLab,
  type HttpServer,
  ManualClock,
  runNotifier,
  sampleNotification,
  startHttpServer,
  startInstance,
} from '@labkeeper/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.js';
import { webhookNotifier } from './webhook-notifier.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function receiver(): Promise<HttpServer> {
  const server = await startHttpServer();
  cleanups.push(() => server.close());
  return server;
}

const TEMPLATE = '{ "text": {{ toJson .title }}, "tags": {{ .fields | toJson }} }';

describe.each([
  {},
  { format: 'alertmanager' },
  { body: TEMPLATE },
  { secret: 'sign-me', bearer_token: 'token-1', secret_headers: { 'X-Key': 'key-1' } },
])('conformance with %j', (form) => {
  let good: HttpServer;
  let refusing: HttpServer;
  let busy: HttpServer;
  beforeAll(async () => {
    [good, refusing, busy] = await Promise.all([
      startHttpServer((_, response) => void response.writeHead(204).end()),
      startHttpServer((_, response) => void response.writeHead(404).end('no such hook')),
      startHttpServer((_, response) => void response.writeHead(503).end()),
    ]);
  });
  afterAll(() => Promise.all([good.close(), refusing.close(), busy.close()]));

  conformNotifier({
    notifier: webhookNotifier,
    options: () => ({ url: `${good.url}/hooks/a-token`, ...form }),
    accepted: () => good.requests.length,
    refusing: () => ({ url: refusing.url, ...form }),
    busy: () => ({ url: busy.url, ...form }),
    invalid: [
      { options: {}, code: 'CONFIG_MISSING_KEY' },
      { options: { url: 'hooks.lan/x' }, code: 'CONFIG_WRONG_VALUE' },
      { options: { url: 'https://hooks.lan/', format: 'template' }, code: 'CONFIG_MISSING_KEY' },
      { options: { url: 'https://hooks.lan/', body: '{{ .title' }, code: 'CONFIG_WRONG_VALUE' },
    ],
  });
});

conformPlugin(plugin);

/** What arrives of a message. */
async function sent(options: Record<string, unknown> = {}, changes?: Partial<Notification>) {
  const server = await receiver();
  await runNotifier(webhookNotifier, { url: `${server.url}/hook`, ...options }, sampleNotification(changes));
  const [request] = server.requests;
  if (!request || server.requests.length > 1) throw new Error('exactly one request should have arrived');
  return request;
}

describe('a message without a template', () => {
  it('is JSON of version 1, with every field in it', async () => {
    const { method, headers, body } = await sent({}, { url: 'https://monitor.example/alerts/a3f1' });
    expect(method).toBe('POST');
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      version: '1',
      id: 'a3f1c2d4',
      kind: 'alert.firing',
      severity: 'critical',
      title: 'nextcloud is down',
      text: 'Connection refused by cloud.example.com:443 (2 of 2 tries).',
      at: '2026-01-18T14:32:00.000Z',
      entity: 'site:cloud.example.com',
      alert_id: 'a3f1c2d4',
      url: 'https://monitor.example/alerts/a3f1',
      fields: [
        { label: 'Check', value: 'nextcloud', short: true },
        { label: 'Since', value: '2026-01-18 14:32:00 UTC', short: true },
      ],
      buttons: [{ label: 'Acknowledge', command: '/ack a3f1c2d4' }],
      alerts: [],
      group_labels: {},
    });
  });

  it('lists the alerts of a message with what they are, and what its channel groups by', async () => {
    const alerts = [
      {
        alertId: 'a1',
        title: 'nas is down',
        text: 'No answer.',
        severity: 'high' as const,
        state: 'firing' as const,
        sinceMs: 0,
        endsAtMs: 1_000,
        rule: 'HostDown',
        labels: { alertname: 'HostDown', team: 'storage' },
        annotations: { runbook_url: 'https://wiki/down' },
        fingerprint: '0123456789abcdef',
        url: 'https://prometheus/graph',
      },
    ];
    const groupLabels = { team: 'storage' };
    expect(JSON.parse((await sent({}, { alerts, groupLabels })).body)).toMatchObject({
      group_labels: { team: 'storage' },
      alerts: [
        {
          alert_id: 'a1',
          title: 'nas is down',
          text: 'No answer.',
          severity: 'high',
          state: 'firing',
          since: '1970-01-01T00:00:00.000Z',
          entity: '',
          ends_at: '1970-01-01T00:00:01.000Z',
          rule: 'HostDown',
          labels: { alertname: 'HostDown', team: 'storage' },
          annotations: { runbook_url: 'https://wiki/down' },
          fingerprint: '0123456789abcdef',
          url: 'https://prometheus/graph',
        },
      ],
    });
  });

  it('goes by the method and with the headers of the file', async () => {
    const { method, headers } = await sent({
      method: 'PUT',
      headers: { 'X-Lab': 'home', 'User-Agent': 'mine' },
      secret_headers: { 'X-Key': 'key-1' },
      basic_auth: { username: 'lab', password: 'secret-1' },
      content_type: 'application/vnd.lab+json',
    });
    expect(method).toBe('PUT');
    expect(headers).toMatchObject({
      'x-lab': 'home',
      'user-agent': 'mine',
      'x-key': 'key-1',
      'content-type': 'application/vnd.lab+json',
      authorization: `Basic ${Buffer.from('lab:secret-1').toString('base64')}`,
    });
  });
});

describe('a message by a template', () => {
  it('sees the fields, and writes texts into JSON safely', async () => {
    const { body } = await sent({ body: TEMPLATE }, { title: 'a "b"\n{{ .id }}' });
    expect(JSON.parse(body)).toEqual({
      text: 'a "b"\n{{ .id }}',
      tags: [
        { label: 'Check', value: 'nextcloud', short: true },
        { label: 'Since', value: '2026-01-18 14:32:00 UTC', short: true },
      ],
    });
  });

  it('may be any text of another type', async () => {
    const { headers, body } = await sent({
      content_type: 'text/plain; charset=utf-8',
      body: '{{ .severity }}: {{ .title }}{{ range .fields }}, {{ .label }}={{ .value }}{{ end }}',
    });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body).toBe('critical: nextcloud is down, Check=nextcloud, Since=2026-01-18 14:32:00 UTC');
  });

  it('that fails for one message alone drops that message with the reason', async () => {
    const server = await receiver();
    const body = '{{ if eq .title "odd" }}{{ slice .title 9 }}{{ end }}';
    const options = { url: server.url, body, content_type: 'text/plain' };
    const sending = runNotifier(webhookNotifier, options, sampleNotification({ title: 'odd' }));
    await expect(sending).rejects.toMatchObject({
      name: 'DropFailure',
      message: expect.stringContaining('the body could not be written: template: body:1:'),
    });
    expect(server.requests).toEqual([]);
  });
});

describe('the signature', () => {
  it('is the HMAC of the time and the body, made anew for each try', async () => {
    const server = await receiver();
    const clock = new ManualClock();
    const options = { url: server.url, secret: 'sign-me' };
    const instance = await startInstance(webhookNotifier, options, createLab({ clock }));
    cleanups.push(() => instance.stop());
    for (let attempt = 0; attempt < 2; attempt++) {
      const atMs = clock.now();
      await webhookNotifier.notify(sampleNotification(), instance.run() as never);
      const request = server.requests[attempt];
      const seconds = Math.floor(atMs / 1_000);
      const digest = createHmac('sha256', 'sign-me').update(`${seconds}.${request?.body}`).digest('hex');
      expect(request?.headers['x-labkeeper-signature']).toBe(`t=${seconds},v1=${digest}`);
      await clock.advance(60_000);
    }
    const [first, second] = server.requests.map(({ headers }) => headers['x-labkeeper-signature']);
    expect(first).not.toBe(second);
  });

  it('holds for texts beyond ASCII', async () => {
    const { headers, body } = await sent({ secret: 'sign-me' }, { title: 'Überhitzung 🔥' });
    const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
      String(headers['x-labkeeper-signature']),
    ) as RegExpExecArray;
    expect(createHmac('sha256', 'sign-me').update(`${seconds}.${body}`).digest('hex')).toBe(digest);
  });

  it('is not there without a secret', async () => {
    expect((await sent()).headers).not.toHaveProperty('x-labkeeper-signature');
  });
});

describe('the id of a message', () => {
  it('goes with every try, so that a receiver knows a duplicate', async () => {
    expect((await sent()).headers['idempotency-key']).toBe('a3f1c2d4');
  });

  it('that no header may have goes as its hash', async () => {
    const header = (await sent({}, { id: 'x\r\nEvil: 1' })).headers['idempotency-key'];
    expect(header).toMatch(/^[0-9a-f]{64}$/);
    expect((await sent({}, { id: 'x\r\nEvil: 1' })).headers['idempotency-key']).toBe(header);
  });
});
