import { EMPTY_PLAN } from '@labkeeper/engine';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, type Call, type Method } from '../../../fixtures/api-stage.js';
import { hotRules } from '../../../fixtures/hot-rules.js';
import { ScriptedCheck } from '../../../fixtures/scripted-check.js';

type Responses = Readonly<Record<string, { content?: Readonly<Record<string, { schema: object }>> }>>;

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Responses }>>>>;
  readonly components: object;
}

let stage: ApiStage;
let document: Document;
let alertId: string;
let silenceId: string;

/** A house with something of everything. */
beforeEach(async () => {
  stage = await apiStage();
  document = await stage.read('/api/openapi.json');
  const web = new ScriptedCheck('web', 'server:nas');
  await stage.watch(web);
  await stage.engine.apply({
    ...EMPTY_PLAN,
    checks: [web.instance],
    rules: { groups: [], packs: [hotRules()] },
  });
  await stage.engine.entities.observe({
    id: 'server:nas',
    attributes: { hostname: 'nas.lan', kernel: '6.1' },
    labels: { a: 'b' },
  });
  const disk = { device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' };
  for (let turn = 0; turn < 3; turn++) {
    stage.engine.ingest.source({ plugin: 'system', labels: { instance: 'nas' } }).add(
      [
        { name: 'node_load1', value: 0.5 },
        { name: 'node_cpu_seconds_total', labels: { cpu: '0', mode: 'idle' }, value: turn * 5 },
        ...['size', 'free', 'avail'].map((what) => ({
          name: `node_filesystem_${what}_bytes`,
          labels: disk,
          value: 2 ** 40,
        })),
      ],
      stage.clock.now(),
    );
    await stage.clock.advance(10_000);
  }
  web.says('down');
  await stage.run(web);
  alertId = stage.engine.alerts.firing()[0]?.id ?? '';
  const silence = await stage.call('POST', '/api/v1/silences', {
    json: { matchers: [{ label: 'a', operator: '=', value: 'b' }], duration: '1h' },
  });
  silenceId = silence.json<{ silence_id: string }>().silence_id;
});
afterEach(() => stage.close());

/** Every route, with what has to be sent to it. */
const calls = (): readonly (readonly [Method, string, string, Call?])[] => [
  ['GET', '/health', '/health'],
  ['GET', '/api/v1/system/health', '/api/v1/system/health'],
  ['GET', '/api/v1/system/stats', '/api/v1/system/stats'],
  ['GET', '/api/v1/servers', '/api/v1/servers'],
  ['GET', '/api/v1/servers/{server_id}', '/api/v1/servers/nas'],
  [
    'POST',
    '/api/v1/servers',
    '/api/v1/servers',
    { json: { server_id: 'pi', display_name: 'Pi', hostname: 'pi', ip_address: '::1' } },
  ],
  [
    'PUT',
    '/api/v1/servers/{server_id}',
    '/api/v1/servers/pi',
    { json: { location: 'attic', expected_services: [{ name: 'x' }] } },
  ],
  ['DELETE', '/api/v1/servers/{server_id}', '/api/v1/servers/pi'],
  ['GET', '/api/v1/metrics/summary', '/api/v1/metrics/summary'],
  ['GET', '/api/v1/metrics/{server_id}', '/api/v1/metrics/nas?from=-1h'],
  ['GET', '/api/v1/metrics/{server_id}/latest', '/api/v1/metrics/nas/latest'],
  ['GET', '/api/v1/entities', '/api/v1/entities'],
  ['GET', '/api/v1/entities/{entity_id}', '/api/v1/entities/server:nas'],
  ['GET', '/api/v1/checks', '/api/v1/checks'],
  ['GET', '/api/v1/checks/{check_id}', '/api/v1/checks/web'],
  ['GET', '/api/v1/checks/{check_id}/history', '/api/v1/checks/web/history?from=-1h'],
  ['POST', '/api/v1/checks/{check_id}/run', '/api/v1/checks/web/run'],
  ['GET', '/api/v1/alerts', '/api/v1/alerts'],
  ['GET', '/api/v1/alerts/{alert_id}', `/api/v1/alerts/${alertId}`],
  [
    'POST',
    '/api/v1/alerts/{alert_id}/acknowledge',
    `/api/v1/alerts/${alertId}/acknowledge`,
    { json: { reason: 'seen' } },
  ],
  ['GET', '/api/v1/alerts/{alert_id}/why', `/api/v1/alerts/${alertId}/why`],
  [
    'POST',
    '/api/v1/alerts/{alert_id}/silence',
    `/api/v1/alerts/${alertId}/silence`,
    { json: { comment: 'x' } },
  ],
  [
    'POST',
    '/api/v1/silences',
    '/api/v1/silences',
    { json: { matchers: [{ label: 'a', operator: '=', value: 'b' }], duration: '2h' } },
  ],
  ['GET', '/api/v1/silences', '/api/v1/silences'],
  ['DELETE', '/api/v1/silences/{silence_id}', `/api/v1/silences/${silenceId}`],
  [
    'PUT',
    '/api/v1/maintenance/{name}',
    '/api/v1/maintenance/backup',
    { json: { weekly: { days: ['sun'], from: '02:00', to: '04:00' }, entities: ['server:nas'] } },
  ],
  ['GET', '/api/v1/maintenance', '/api/v1/maintenance'],
  ['GET', '/api/v1/maintenance/{name}', '/api/v1/maintenance/backup'],
  ['DELETE', '/api/v1/maintenance/{name}', '/api/v1/maintenance/backup'],
  ['GET', '/api/v1/config/thresholds', '/api/v1/config/thresholds'],
  ['PUT', '/api/v1/config/thresholds', '/api/v1/config/thresholds', { json: { thresholds: { hot: 70 } } }],
  ...prometheusCalls(),
  ['POST', '/api/v1/alerts/{alert_id}/resolve', `/api/v1/alerts/${alertId}/resolve`],
  ['POST', '/api/v1/checks/{check_id}/pause', '/api/v1/checks/web/pause'],
  ['POST', '/api/v1/checks/{check_id}/resume', '/api/v1/checks/web/resume'],
  ['POST', '/api/v1/session', '/api/v1/session', { json: { key: stage.keyOf.viewer } }],
  ['GET', '/api/v1/session', '/api/v1/session'],
  ['DELETE', '/api/v1/session', '/api/v1/session'],
  ['GET', '/api/v1/audit', '/api/v1/audit'],
  ['GET', '/api/openapi.json', '/api/openapi.json'],
  ['GET', '/metrics', '/metrics'],
];

/** Queries go by GET and as forms; here both are sent by their address. */
const prometheusCalls = (): readonly (readonly [Method, string, string, Call?])[] => {
  const root = '/prometheus/api/v1';
  const asked = {
    '/query': '?query=up',
    '/query_range': '?query=up&start=0&end=60&step=60',
    '/series': '?match[]=up',
    '/labels': '',
    '/format_query': '?query=up',
    '/parse_query': '?query=up',
  };
  const only = ['/metadata', '/rules', '/alerts', '/status/buildinfo', '/status/runtimeinfo'] as const;
  return [
    ...Object.entries(asked).flatMap(([path, query]) =>
      (['GET', 'POST'] as const).map((method) => [method, root + path, root + path + query] as const),
    ),
    ...only.map((path) => ['GET', root + path, root + path] as const),
    ['GET', `${root}/label/{name}/values`, `${root}/label/job/values`],
  ];
};

/** A stream: it has no end and no schema. */
const STREAMS = ['GET /api/v1/events'];

/** Takes protocol buffers; its own tests send them. */
const BINARY = ['POST /prometheus/api/v1/write'];

describe('every answer', () => {
  it('is what the OpenAPI document promises', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'document', components: document.components });
    for (const [method, path, url, call] of calls()) {
      const response = await stage.call(method, url, call);
      const name = `${method} ${path}`;
      expect([name, response.statusCode, response.body]).toEqual([
        name,
        expect.toBeOneOf([200, 201, 204]),
        expect.any(String),
      ]);
      const promised = document.paths[path]?.[method.toLowerCase()]?.responses[response.statusCode];
      expect([name, promised]).toEqual([name, expect.anything()]);
      const schema = promised?.content?.['application/json']?.schema;
      if (!schema || !String(response.headers['content-type']).startsWith('application/json')) continue;
      const validate = ajv.compile(
        JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components')) as object,
      );
      expect([name, validate(response.json()), validate.errors]).toEqual([name, true, null]);
    }
  });

  it('is looked at here: no route is left out', () => {
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const looked = [...calls().map(([method, path]) => `${method} ${path}`), ...STREAMS, ...BINARY];
    expect(looked.sort()).toEqual(routes.sort());
  });
});
