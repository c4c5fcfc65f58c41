import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';
import { ScriptedCheck } from '../../../fixtures/scripted-check.js';
import type { CheckView } from './check-shape.js';

interface Page {
  readonly items: readonly CheckView[];
  readonly total: number;
  readonly next_cursor: string | null;
}

let stage: ApiStage;
let web: ScriptedCheck;
let ping: ScriptedCheck;
let site: ScriptedCheck;

beforeEach(async () => {
  stage = await apiStage();
  web = new ScriptedCheck('web', 'service:plex', ['server:nas']);
  ping = new ScriptedCheck('ping', 'server:nas');
  site = new ScriptedCheck('site', 'site:example.com');
  await stage.watch(web, ping, site);
});
afterEach(() => stage.close());

const list = async (query: string) => {
  const { items, total } = await stage.read<Page>(`/api/v1/checks${query}`, { as: 'viewer' });
  return [items.map(({ check_id }) => check_id), total];
};

describe('checks', () => {
  it('are shown with everything that is known', async () => {
    expect(await stage.read('/api/v1/checks/web', { as: 'viewer' })).toEqual({
      check_id: 'web',
      name: 'web',
      display_name: 'Check web',
      kind: 'scripted',
      plugin: 'scripted-plugin',
      entity_id: 'service:plex',
      status: 'up',
      state: 'active',
      message: 'all is well',
      latency_ms: 12.35,
      since: '2026-01-01T00:00:00.000Z',
      last_run_at: '2026-01-01T00:00:00.000Z',
      next_run_at: expect.stringMatching(/^2026-01-01T00:00:/) as unknown,
      interval_seconds: 30,
      failures_in_a_row: 0,
      flapping: false,
      severity: 'high',
      depends_on: ['server:nas'],
      suppressed_by: null,
      beats: 'u',
      details: {},
    });
  });

  it('are listed by status, text, entity and server', async () => {
    site.says('down');
    await stage.run(site);
    expect(await list('')).toEqual([['ping', 'site', 'web'], 3]);
    expect(await list('?status=down')).toEqual([['site'], 1]);
    expect(await list('?q=PLEX')).toEqual([['web'], 1]);
    expect(await list('?entity_id=server:nas')).toEqual([['ping'], 1]);
    expect(await list('?server_id=nas')).toEqual([['ping', 'web'], 2]);
    expect(await list('?server_id=nas&status=down')).toEqual([[], 0]);
  });

  it('come in pages', async () => {
    const first = await stage.read<Page>('/api/v1/checks?limit=2');
    const second = await stage.read<Page>(`/api/v1/checks?limit=2&cursor=${first.next_cursor}`);
    expect([...first.items, ...second.items].map(({ check_id }) => check_id)).toEqual([
      'ping',
      'site',
      'web',
    ]);
    expect(second.next_cursor).toBeNull();
  });

  it.each([
    ['status=gone', 422, 'status'],
    ['entity_id=nas', 400, 'entity_id'],
    ['limit=0', 422, 'limit'],
  ])('cannot be listed by %s', async (query, status, field) => {
    const response = await stage.call('GET', `/api/v1/checks?${query}`);
    expect([response.statusCode, faultOf(response).field]).toEqual([status, field]);
  });

  it('count for the server on which they run', async () => {
    web.says('down');
    await stage.run(web);
    expect(await stage.read('/api/v1/servers/nas')).toMatchObject({
      checks: { up: 1, degraded: 0, down: 1, unknown: 0 },
      open_alerts: 1,
    });
    await stage.watch(web);
    expect(await stage.read('/api/v1/servers/nas')).toMatchObject({
      checks: { up: 0, degraded: 0, down: 1, unknown: 0 },
    });
  });
});

describe('running a check now', () => {
  it('answers with its result', async () => {
    web.says('degraded', 'slow today');
    const response = await stage.call('POST', '/api/v1/checks/web/run', { as: 'operator' });
    expect([response.statusCode, bodyOf(response)]).toMatchObject([
      200,
      { check_id: 'web', message: 'slow today', beats: 'ug' },
    ]);
  });

  it('takes no body, and one of JSON that is empty', async () => {
    const response = await stage.call('POST', '/api/v1/checks/web/run', {
      headers: { 'content-type': 'application/json' },
    });
    expect(response.statusCode).toBe(200);
  });
});

describe('pausing a check', () => {
  it('stops it until it is resumed', async () => {
    const paused = await stage.call('POST', '/api/v1/checks/web/pause', { as: 'operator' });
    expect(bodyOf(paused)).toMatchObject({ check_id: 'web', state: 'paused', next_run_at: null });
    expect(await stage.read('/api/v1/system/stats')).toMatchObject({
      checks: { total: 3, up: 2, paused: 1 },
    });
    const resumed = await stage.call('POST', '/api/v1/checks/web/resume', { as: 'operator' });
    expect(bodyOf(resumed)).toMatchObject({ check_id: 'web', state: 'active' });
  });
});

describe('a check that does not exist', () => {
  it.each([
    ['GET', '/api/v1/checks/none'],
    ['GET', '/api/v1/checks/none/history'],
    ['POST', '/api/v1/checks/none/run'],
    ['POST', '/api/v1/checks/none/pause'],
    ['POST', '/api/v1/checks/none/resume'],
  ] as const)('is not found: %s %s', async (method, url) => {
    const response = await stage.call(method, url);
    expect([response.statusCode, faultOf(response)]).toMatchObject([
      404,
      { code: 'NOT_FOUND', field: 'check_id' },
    ]);
  });
});

describe('the history of a check', () => {
  it('shows the worst result and the mean latency of each step', async () => {
    await stage.clock.advance(60_000);
    web.says('down');
    await stage.clock.advance(60_000);
    await stage.engine.ingest.flush();
    const history = await stage.read<{
      timestamps: number[];
      status: (number | null)[];
      latency_ms: (number | null)[];
    }>('/api/v1/checks/web/history?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:59Z&step=60');
    expect(history).toMatchObject({
      check_id: 'web',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-01T00:02:00.000Z',
      step_seconds: 60,
      timestamps: [Date.UTC(2026, 0, 1) / 1_000, Date.UTC(2026, 0, 1, 0, 1) / 1_000],
      latency_ms: [12.35, null],
    });
    expect(history.status[0]).toBe(0);
    // 2: down. Trouble is shown even where only one of several results had it.
    expect(history.status[1]).toBe(2);
  });
});
