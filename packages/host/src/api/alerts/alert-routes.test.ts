import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';
import { ScriptedCheck } from '../../../fixtures/scripted-check.js';
import type { AlertView } from './alert-shape.js';

interface Page {
  readonly items: readonly AlertView[];
  readonly total: number;
  readonly next_cursor: string | null;
}

let stage: ApiStage;
let web: ScriptedCheck;
let site: ScriptedCheck;

beforeEach(async () => {
  stage = await apiStage();
  web = new ScriptedCheck('web', 'service:plex');
  site = new ScriptedCheck('site', 'site:example.com');
  await stage.engine.entities.observe({ id: 'server:nas' });
  await stage.engine.entities.observe({ id: 'service:plex', parent: 'server:nas' });
  await stage.watch(web, site);
});
afterEach(() => stage.close());

/** Lets a check fail and returns its alert. */
async function alertOf(check: ScriptedCheck): Promise<AlertView> {
  check.says('down', `${check.name} does not answer`);
  await stage.run(check);
  await stage.clock.advance(1_000);
  const { items } = await stage.read<Page>('/api/v1/alerts?status=open');
  const found = items.find(({ entity_id }) => entity_id === check.entity);
  if (!found) throw new Error(`${check.name} raised no alert`);
  return found;
}

const titles = async (query: string) => {
  const { items, total } = await stage.read<Page>(`/api/v1/alerts${query}`, { as: 'viewer' });
  return [items.map(({ rule, entity_id }) => entity_id ?? rule), total];
};

describe('an alert', () => {
  it('has the shape of S2, and the server on which the thing runs', async () => {
    const alert = await alertOf(web);
    expect(alert).toMatchObject({
      server_id: 'nas',
      entity_id: 'service:plex',
      severity: 'high',
      status: 'open',
      created_at: '2026-01-01T00:00:00.000Z',
      acknowledged_at: null,
      acknowledged_by: null,
      acknowledged_reason: null,
      resolved_at: null,
      suppressed_by: null,
      suppression: null,
      evidence: [],
      url: null,
      metric_value: null,
      threshold_value: null,
      auto_remediation: { available: false, action_id: null, status: null },
    });
    expect(alert.message).toContain('web does not answer');
    expect(await stage.read(`/api/v1/alerts/${alert.alert_id}`)).toEqual(alert);
  });

  it('is of no server when it is about something elsewhere', async () => {
    expect(await alertOf(site)).toMatchObject({ server_id: null, entity_id: 'site:example.com' });
  });

  it('that does not exist is not found', async () => {
    for (const [method, url] of [
      ['GET', '/api/v1/alerts/none'],
      ['POST', '/api/v1/alerts/none/acknowledge'],
      ['POST', '/api/v1/alerts/none/resolve'],
    ] as const) {
      const response = await stage.call(method, url);
      expect([response.statusCode, faultOf(response)]).toMatchObject([
        404,
        { code: 'NOT_FOUND', field: 'alert_id' },
      ]);
    }
  });
});

describe('alerts', () => {
  it('are listed by status, severity and server', async () => {
    const { alert_id } = await alertOf(web);
    await alertOf(site);
    await stage.call('POST', `/api/v1/alerts/${alert_id}/acknowledge`);
    expect(await titles('')).toEqual([['site:example.com', 'service:plex'], 2]);
    expect(await titles('?status=open')).toEqual([['site:example.com'], 1]);
    expect(await titles('?status=acknowledged')).toEqual([['service:plex'], 1]);
    expect(await titles('?status=resolved')).toEqual([[], 0]);
    expect(await titles('?severity=low')).toEqual([[], 0]);
    expect(await titles('?server_id=nas')).toEqual([['service:plex'], 1]);
    expect(await titles('?server_id=nas&status=open')).toEqual([[], 0]);
  });

  it('come in pages, the newest first, also those of one server', async () => {
    await alertOf(web);
    web.says('up');
    await stage.run(web);
    await stage.clock.advance(3_600_000);
    await alertOf(web);
    for (const query of ['?', '?server_id=nas&']) {
      const first = await stage.read<Page>(`/api/v1/alerts${query}limit=1`);
      const second = await stage.read<Page>(`/api/v1/alerts${query}limit=1&cursor=${first.next_cursor}`);
      expect([first.total, first.items[0]?.status, second.items[0]?.status, second.next_cursor]).toEqual([
        2,
        'open',
        'resolved',
        null,
      ]);
    }
  });

  it('cannot be listed from a cursor that was not given', async () => {
    const response = await stage.call('GET', '/api/v1/alerts?cursor=rubbish');
    expect([response.statusCode, faultOf(response).field]).toEqual([400, 'cursor']);
  });
});

describe('acknowledging an alert', () => {
  it('keeps who, why and until when', async () => {
    const { alert_id } = await alertOf(web);
    const json = { reason: 'disk is on its way', until: '2026-01-02T00:00:00Z' };
    const response = await stage.call('POST', `/api/v1/alerts/${alert_id}/acknowledge`, {
      as: 'operator',
      json,
    });
    expect([response.statusCode, bodyOf(response)]).toMatchObject([
      200,
      {
        alert_id,
        status: 'acknowledged',
        acknowledged_at: '2026-01-01T00:00:01.000Z',
        acknowledged_by: 'operator',
        acknowledged_reason: 'disk is on its way',
      },
    ]);
    expect((await stage.engine.alerts.get(alert_id))?.acknowledgement?.untilMs).toBe(Date.UTC(2026, 0, 2));
  });

  it('needs nothing but the alert', async () => {
    const { alert_id } = await alertOf(web);
    expect((await stage.call('POST', `/api/v1/alerts/${alert_id}/acknowledge`)).json()).toMatchObject({
      status: 'acknowledged',
    });
  });

  it.each([
    [{ until: 'tomorrow' }, 422, 'until'],
    [{ until: '2025-12-31T00:00:00Z' }, 400, 'until'],
    [{ reason: 5 }, 422, 'reason'],
    [{ why: 'x' }, 422, 'why'],
  ])('refuses %j', async (json, status, field) => {
    const { alert_id } = await alertOf(web);
    const response = await stage.call('POST', `/api/v1/alerts/${alert_id}/acknowledge`, { json });
    expect([response.statusCode, faultOf(response).field]).toEqual([status, field]);
  });
});

describe('resolving an alert', () => {
  it('closes it, once', async () => {
    const { alert_id } = await alertOf(web);
    const response = await stage.call('POST', `/api/v1/alerts/${alert_id}/resolve`, {
      as: 'operator',
      json: { reason: 'false alarm' },
    });
    expect(bodyOf(response)).toMatchObject({
      alert_id,
      status: 'resolved',
      resolved_at: '2026-01-01T00:00:01.000Z',
    });
    const again = await stage.call('POST', `/api/v1/alerts/${alert_id}/resolve`);
    expect([again.statusCode, faultOf(again).code]).toEqual([409, 'CONFLICT']);
  });
});

describe('why an alert was told of', () => {
  it('is said by its trail, the oldest row first', async () => {
    const { alert_id } = await alertOf(web);
    await stage.call('POST', `/api/v1/alerts/${alert_id}/acknowledge`, {
      json: { reason: 'disk is on its way' },
    });
    const { items } = await stage.read<{
      items: { at: string; kind: string; reason: string; by: string | null }[];
    }>(`/api/v1/alerts/${alert_id}/why`, { as: 'viewer' });
    expect(items.map(({ kind }) => kind)).toContain('alert.firing');
    expect(items.find(({ kind }) => kind === 'alert.acknowledged')).toMatchObject({
      by: 'admin',
      reason: expect.stringContaining('disk is on its way') as unknown,
    });
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort());
    for (const { reason } of items) expect(reason).not.toBe('');
  });

  it('is asked of an alert that there is', async () => {
    expect((await stage.call('GET', '/api/v1/alerts/none/why')).statusCode).toBe(404);
  });
});
