import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';
import { ScriptedCheck } from '../../../fixtures/scripted-check.js';
import type { AlertView } from './alert-shape.js';

interface SilenceView {
  readonly silence_id: string;
  readonly state: string;
  readonly ends_at: string | null;
}

let stage: ApiStage;
let web: ScriptedCheck;
beforeEach(async () => {
  stage = await apiStage();
  web = new ScriptedCheck('web', 'service:plex');
  await stage.watch(web);
});
afterEach(() => stage.close());

async function firing(): Promise<AlertView> {
  web.says('down', 'it does not answer');
  await stage.run(web);
  await stage.clock.advance(1_000);
  return (await alerts())[0] as AlertView;
}

const alerts = async () => (await stage.read<{ items: AlertView[] }>('/api/v1/alerts')).items;
const silences = async () => (await stage.read<{ items: SilenceView[] }>('/api/v1/silences')).items;
const matchers = [{ label: 'check', operator: '=', value: 'web' }];
const make = (json: object, as: 'operator' | 'viewer' = 'operator') =>
  stage.call('POST', '/api/v1/silences', { as, json });

describe('a silence', () => {
  it('says what it covers, until when, and who wants it', async () => {
    const response = await make({ matchers, duration: '2h', comment: 'new disks' });
    expect([response.statusCode, bodyOf(response)]).toEqual([
      201,
      {
        silence_id: expect.any(String) as unknown,
        ...{ state: 'active', matchers, created_by: 'operator', comment: 'new disks', until_resolved: null },
        ...{ starts_at: '2026-01-01T00:00:00.000Z', ends_at: '2026-01-01T02:00:00.000Z' },
        updated_at: '2026-01-01T00:00:00.000Z',
      },
    ]);
    expect(await silences()).toEqual([bodyOf(response)]);
  });

  it('may begin later, and end at a time', async () => {
    const times = { starts_at: '2026-01-02T00:00:00Z', ends_at: '2026-01-03T00:00:00Z' };
    expect(bodyOf(await make({ matchers, ...times }))).toMatchObject({
      state: 'pending',
      ends_at: '2026-01-03T00:00:00.000Z',
    });
    expect(bodyOf(await make({ matchers, starts_at: times.starts_at, duration: '1d' }))).toMatchObject({
      ends_at: '2026-01-03T00:00:00.000Z',
    });
  });

  it('holds back alerts, which say so', async () => {
    const { silence_id } = (await make({ matchers, duration: '2h' })).json<SilenceView>();
    expect(await firing()).toMatchObject({
      suppressed_by: silence_id,
      suppression: { kind: 'silence', by: silence_id, since: expect.any(String) as unknown },
    });
  });

  it('is ended once, and stays in the list', async () => {
    const { silence_id } = (await make({ matchers, duration: '2h' })).json<SilenceView>();
    for (let time = 0; time < 2; time++)
      expect(
        (await stage.call('DELETE', `/api/v1/silences/${silence_id}`, { as: 'operator' })).statusCode,
      ).toBe(204);
    expect((await silences()).map(({ state }) => state)).toEqual(['expired']);
    const unknown = await stage.call('DELETE', '/api/v1/silences/none');
    expect([unknown.statusCode, faultOf(unknown).code]).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    [{ matchers }, 422, 'ends_at'],
    [{ matchers, duration: '1h', ends_at: '2026-01-02T00:00:00Z' }, 422, 'ends_at'],
    [{ matchers, duration: '0s' }, 422, 'duration'],
    [{ matchers, ends_at: '2025-12-31T00:00:00Z' }, 400, 'ends_at'],
    [{ matchers, starts_at: '2026-01-03T00:00:00Z', ends_at: '2026-01-02T00:00:00Z' }, 422, 'ends_at'],
    [{ matchers, starts_at: 'soon', duration: '1h' }, 422, 'starts_at'],
    [{ matchers: [], duration: '1h' }, 422, 'matchers'],
    [{ matchers: [{ label: 'a', operator: '=~', value: '.*' }], duration: '1h' }, 422, 'matchers'],
    [{ matchers: [{ label: 'a', operator: '=~', value: '(' }], duration: '1h' }, 422, 'matchers'],
    [{ matchers: [{ label: 'a', operator: '~', value: '' }], duration: '1h' }, 422, 'matchers.0.operator'],
  ])('is refused: %j', async (json, status, field) => {
    const response = await make(json);
    expect([response.statusCode, faultOf(response).field]).toEqual([status, field]);
    expect(await silences()).toEqual([]);
  });

  it('needs an operator, and each leaves a row in the audit log', async () => {
    expect((await make({ matchers, duration: '2h' }, 'viewer')).statusCode).toBe(403);
    await make({ matchers, duration: '2h', comment: 'new disks' });
    const { items } = await stage.engine.audit.list({ limit: 2 });
    expect(items.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['silence.create', 'done'],
      ['silence.create', 'refused'],
    ]);
  });
});

describe('silencing one alert', () => {
  const silence = (id: string, json: object = {}) =>
    stage.call('POST', `/api/v1/alerts/${id}/silence`, { as: 'operator', json });

  it('lasts until the alert is over, unless a time is given', async () => {
    const { alert_id, labels } = await firing();
    const response = await silence(alert_id, { comment: 'I know' });
    expect([response.statusCode, bodyOf(response)]).toMatchObject([
      201,
      { state: 'active', until_resolved: alert_id, ends_at: null, comment: 'I know' },
    ]);
    expect(
      response
        .json<{ matchers: { label: string }[] }>()
        .matchers.map(({ label }) => label)
        .sort(),
    ).toEqual(Object.keys(labels).sort());
    expect((await alerts())[0]?.suppression?.kind).toBe('silence');
    web.says('up');
    await stage.run(web);
    await stage.clock.advance(1_000);
    expect((await silences()).map(({ state }) => state)).toEqual(['expired']);
  });

  it('can be for a while', async () => {
    const { alert_id } = await firing();
    expect(bodyOf(await silence(alert_id, { duration: '30m' }))).toMatchObject({
      until_resolved: null,
      ends_at: '2026-01-01T00:30:01.000Z',
    });
  });

  it('is refused for one that is over, or unknown', async () => {
    const { alert_id } = await firing();
    await stage.call('POST', `/api/v1/alerts/${alert_id}/resolve`);
    const over = await silence(alert_id);
    expect([over.statusCode, faultOf(over).code]).toEqual([409, 'CONFLICT']);
    expect((await silence('none')).statusCode).toBe(404);
  });
});
