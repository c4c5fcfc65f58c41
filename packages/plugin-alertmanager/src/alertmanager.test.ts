import {
  type Alert,
  type AlertGroup,
  type AlertsClient,
  type PushedAlert,
  type RouteContext,
  type Silence,
  SYSTEM_ACTOR,
} from '@labkeeper/core';
import { conformPlugin, createLab, ManualClock } from '@labkeeper/testkit';
import { type FastifyInstance, fastify } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { alertmanagerRoutes } from './alertmanager-routes.js';
import plugin from './index.js';

conformPlugin(plugin);

const NOW = Date.parse('2026-01-31T12:00:00Z');

function alert(name: string, rest: Partial<Alert> = {}): Alert {
  return {
    ...{ id: name, fingerprint: '0123456789abcdef', rule: name, type: 'disk_full', severity: 'high' },
    ...{
      labels: { alertname: name, host: 'nas' },
      annotations: {},
      title: `${name} is bad`,
      message: 'very',
    },
    ...{ state: 'firing', pendingAtMs: NOW - 2_000, firingAtMs: NOW - 1_000 },
    ...rest,
  };
}

/** Labkeeper's side of the routes: remembers what it is told. */
class Desk implements AlertsClient {
  readonly alerts: Alert[] = [];
  readonly pushed: { source: string; alerts: readonly PushedAlert[] }[] = [];
  readonly kept: Silence[] = [];
  readonly firing = () => this.alerts;
  /** Alerts that the channel `mail` wants too. */
  readonly mailed = new Set<string>();
  readonly channels = () => ['mail', 'slack'];
  readonly groups = (): readonly AlertGroup[] => [
    { channel: 'slack', labels: { host: 'nas' }, alerts: this.alerts },
    { channel: 'mail', labels: {}, alerts: this.alerts.filter(({ id }) => this.mailed.has(id)) },
  ];
  readonly silences = () => this.kept;

  async push(source: string, alerts: readonly PushedAlert[]): Promise<void> {
    this.pushed.push({ source, alerts });
  }

  async silence(request: Parameters<AlertsClient['silence']>[0]): Promise<Silence> {
    const silence = { updatedAtMs: NOW, ...request, id: request.id ?? `silence-${this.kept.length + 1}` };
    this.kept.push(silence);
    return silence;
  }

  async expireSilence(id: string): Promise<void> {
    const at = this.kept.findIndex((silence) => silence.id === id);
    this.kept[at] = { ...(this.kept[at] as Silence), endsAtMs: NOW };
  }
}

let desk: Desk;
let server: FastifyInstance;
beforeEach(async () => {
  desk = new Desk();
  server = fastify();
  const lab = createLab();
  const context = {
    ...{ version: '1.2.3', startedAtMs: NOW, alerts: desk, actorOf: () => SYSTEM_ACTOR },
    ...{ log: lab.log, clock: new ManualClock(NOW), store: undefined, query: undefined },
  } as unknown as RouteContext;
  for (const root of alertmanagerRoutes.roots ?? [])
    await server.register((scope) => alertmanagerRoutes.register(scope, { ...context, root }), {
      prefix: root,
    });
});

const get = async (path: string) => (await server.inject(`/alertmanager/api/v2/${path}`)).json<unknown>();
const post = (url: string, payload: object) => server.inject({ method: 'POST', url, payload });
const names = async (path: string) =>
  ((await get(path)) as { labels: { alertname: string } }[]).map(({ labels }) => labels.alertname);

describe('alerts that Prometheus sends', () => {
  it('arrive with their labels, texts and times', async () => {
    const sent = {
      labels: { alertname: 'DiskFull', instance: 'nas:9100', empty: '' },
      annotations: { summary: 'the disk is full' },
      startsAt: '2026-01-31T11:00:00.123456789Z',
      endsAt: '2026-01-31T12:04:00Z',
      generatorURL: 'http://prometheus/graph',
    };
    const response = await post('/alertmanager/api/v2/alerts', [sent]);
    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect(desk.pushed).toEqual([
      {
        source: 'alertmanager',
        alerts: [
          {
            labels: { alertname: 'DiskFull', instance: 'nas:9100' },
            annotations: { summary: 'the disk is full' },
            startsAtMs: Date.parse('2026-01-31T11:00:00.123Z'),
            endsAtMs: Date.parse('2026-01-31T12:04:00Z'),
            url: 'http://prometheus/graph',
          },
        ],
      },
    ]);
  });

  it.each([
    ['a body that is no list', {}, 'the body must be a list'],
    ['an alert without labels', [{ labels: {} }], '[0]: at least one label pair required'],
    ['a label that is no text', [{ labels: { a: 1 } }], '[0].labels.a must be a text'],
    [
      'a time that is none',
      [{ labels: { a: 'b' }, startsAt: 'soon' }],
      "[0].startsAt: 'soon' is no RFC 3339 time",
    ],
    [
      'an end before the beginning',
      [{ labels: { a: 'b' }, startsAt: '2026-01-02T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' }],
      '[0]: start time must be before end time',
    ],
  ])('are refused as a whole with %s', async (_, body, message) => {
    const response = await post('/alertmanager/api/v2/alerts', body);
    expect([response.statusCode, response.json()]).toEqual([400, message]);
    expect(desk.pushed).toEqual([]);
  });
});

describe('the webhook of an Alertmanager', () => {
  it('takes alerts that go on as lasting for a day and an hour, and those that are over as over', async () => {
    const response = await post('/webhook/alerts', {
      ...{ version: '4', status: 'firing' },
      alerts: [
        { status: 'firing', labels: { alertname: 'A' }, endsAt: '0001-01-01T00:00:00Z' },
        { status: 'resolved', labels: { alertname: 'B' }, endsAt: '2026-01-31T11:59:00Z' },
      ],
    });
    expect(response.json()).toEqual({ received: 2 });
    expect(desk.pushed[0]).toMatchObject({
      source: 'webhook',
      alerts: [{ endsAtMs: NOW + 25 * 3_600_000 }, { endsAtMs: NOW - 60_000 }],
    });
  });
});

describe('the list of alerts', () => {
  beforeEach(() => {
    const suppressed = (kind: 'silence' | 'inhibition' | 'maintenance') =>
      alert(kind, { suppression: { kind, by: `the ${kind}`, sinceMs: NOW } });
    desk.alerts.push(
      alert('Plain'),
      suppressed('silence'),
      suppressed('inhibition'),
      suppressed('maintenance'),
    );
  });

  it('says of each how it is suppressed', async () => {
    const found = (await get('alerts')) as { status: object }[];
    expect(found.map(({ status }) => status)).toEqual([
      { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
      { state: 'suppressed', silencedBy: ['the silence'], inhibitedBy: [], mutedBy: [] },
      { state: 'suppressed', silencedBy: [], inhibitedBy: ['the inhibition'], mutedBy: [] },
      { state: 'suppressed', silencedBy: [], inhibitedBy: [], mutedBy: ['the maintenance'] },
    ]);
  });

  it.each([
    ['alerts?active=false', ['silence', 'inhibition', 'maintenance']],
    ['alerts?silenced=false&inhibited=false&muted=false', ['Plain']],
    [`alerts?filter=${encodeURIComponent('alertname="Plain"')}`, ['Plain']],
    [`alerts?filter=${encodeURIComponent('alertname=~"P.*|sil.*"')}`, ['Plain', 'silence']],
    [`alerts?filter=${encodeURIComponent('alertname=Plain')}&filter=${encodeURIComponent('host!=nas')}`, []],
  ])('is narrowed by %s', async (path, expected) => {
    expect(await names(path)).toEqual(expected);
  });

  it('names the channels that want each alert', async () => {
    desk.mailed.add('silence');
    const found = (await get('alerts')) as { receivers: object[] }[];
    const [both, one] = [[{ name: 'slack' }, { name: 'mail' }], [{ name: 'slack' }]];
    expect(found.map(({ receivers }) => receivers)).toEqual([one, both, one, one]);
  });

  it.each([
    ['nosuch', []],
    ['sla', []],
    ['sla.*', ['Plain', 'silence', 'inhibition', 'maintenance']],
    ['mail', ['silence']],
    ['', ['Plain', 'silence', 'inhibition', 'maintenance']],
  ])('is narrowed to the receiver %j, an expression for the whole name', async (receiver, expected) => {
    desk.mailed.add('silence');
    expect(await names(`alerts?receiver=${receiver}`)).toEqual(expected);
    const groups = (await get(`alerts/groups?receiver=${receiver}`)) as { alerts: object[] }[];
    expect(groups).toHaveLength({ '': 2, 'sla.*': 1, mail: 1 }[receiver] ?? 0);
  });

  it('refuses a receiver that is no expression', async () => {
    const response = await server.inject('/alertmanager/api/v2/alerts?receiver=(');
    expect([response.statusCode, response.json()]).toEqual([400, expect.stringContaining("'('")]);
  });

  it('says where the cause of each can be seen, and adds no label', async () => {
    desk.alerts.splice(0, 4, alert('Told', { url: 'http://prometheus/graph', labels: { foo: 'bar' } }));
    expect(await get('alerts')).toMatchObject([
      { labels: { foo: 'bar' }, generatorURL: 'http://prometheus/graph' },
    ]);
    expect((await get('alerts')) as object[]).not.toMatchObject([{ labels: { alertname: 'Told' } }]);
  });

  it('refuses a filter that is none', async () => {
    const response = await server.inject('/alertmanager/api/v2/alerts?filter=host');
    expect([response.statusCode, response.json()]).toEqual([400, 'bad matcher format: host']);
  });

  it('comes in groups too', async () => {
    expect(await get('alerts/groups?silenced=false&inhibited=false&muted=false')).toMatchObject([
      { receiver: { name: 'slack' }, labels: { host: 'nas' }, alerts: [{ labels: { alertname: 'Plain' } }] },
    ]);
  });
});

describe('silences', () => {
  const wanted = {
    matchers: [
      { name: 'alertname', value: 'Disk.*', isRegex: true },
      { name: 'host', value: 'nas', isRegex: false, isEqual: false },
    ],
    ...{
      startsAt: '2026-01-31T11:00:00Z',
      endsAt: '2026-01-31T13:00:00Z',
      createdBy: 'me',
      comment: 'painting',
    },
  };

  it('are made, read, listed and ended as amtool does it', async () => {
    const made = await post('/alertmanager/api/v2/silences', wanted);
    expect(made.json()).toEqual({ silenceID: 'silence-1' });
    expect(desk.kept[0]?.matchers).toEqual([
      { label: 'alertname', operator: '=~', value: 'Disk.*' },
      { label: 'host', operator: '!=', value: 'nas' },
    ]);
    expect(await get('silence/silence-1')).toMatchObject({
      ...{
        id: 'silence-1',
        status: { state: 'active' },
        createdBy: 'me',
        endsAt: '2026-01-31T13:00:00.000Z',
      },
      matchers: [
        { isRegex: true, isEqual: true },
        { isRegex: false, isEqual: false },
      ],
    });
    expect(await get('silences?active=false')).toEqual([]);
    const gone = await server.inject({ method: 'DELETE', url: '/alertmanager/api/v2/silence/silence-1' });
    expect(gone.statusCode).toBe(200);
    expect(await get('silence/silence-1')).toMatchObject({ status: { state: 'expired' } });
  });

  it('that nobody knows are an empty 404', async () => {
    const response = await server.inject('/alertmanager/api/v2/silence/none');
    expect([response.statusCode, response.body]).toEqual([404, '']);
  });

  it.each([
    ['without an end', { ...wanted, endsAt: undefined }, 'startsAt and endsAt are needed'],
    [
      'with a matcher without a name',
      { ...wanted, matchers: [{ value: 'x' }] },
      'matchers[0].name is missing',
    ],
  ])('are refused %s', async (_, body, message) => {
    const response = await post('/alertmanager/api/v2/silences', body);
    expect([response.statusCode, response.json()]).toEqual([400, message]);
  });
});

describe('what clients look at first', () => {
  it('is there', async () => {
    expect(await get('status')).toMatchObject({
      cluster: { status: 'disabled' },
      versionInfo: { version: '0.28.0' },
    });
    expect(await get('receivers')).toEqual([{ name: 'mail' }, { name: 'slack' }]);
    expect((await server.inject('/alertmanager/-/ready')).body).toBe('OK');
  });
});
