import { EMPTY_PLAN } from '@labkeeper/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
});
afterEach(() => stage.close());

const ROOT = '/api/v1/maintenance';
const put = (name: string, json: object, as: 'operator' | 'viewer' = 'operator') =>
  stage.call('PUT', `${ROOT}/${name}`, { as, json });
const names = async () =>
  (await stage.read<{ items: { name: string }[] }>(ROOT)).items.map(({ name }) => name);
const sundays = { weekly: { days: ['sun'], from: '02:00', to: '04:00' } };
/** The clock of the stage begins on Thursday, 2026-01-01. */
const once = { once: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T06:00:00Z' } };

describe('a maintenance window', () => {
  it('says what it covers, and when it opens next', async () => {
    const response = await put('backup', {
      ...{ ...sundays, time_zone: 'Europe/Berlin', entities: ['server:nas'], comment: 'disks' },
      matchers: [{ label: 'severity', operator: '!=', value: 'critical' }],
    });
    expect([response.statusCode, bodyOf(response)]).toEqual([
      200,
      {
        ...{ name: 'backup', once: null, cron: null, ...sundays, time_zone: 'Europe/Berlin' },
        matchers: [{ label: 'severity', operator: '!=', value: 'critical' }],
        ...{ entities: ['server:nas'], comment: 'disks', origin: 'person', is_open: false },
        ...{ opens_at: '2026-01-04T01:00:00.000Z', closes_at: '2026-01-04T03:00:00.000Z' },
      },
    ]);
    expect(await stage.read(`${ROOT}/backup`, { as: 'viewer' })).toEqual(bodyOf(response));
  });

  it('opens once, weekly, or as a cron expression says', async () => {
    expect(bodyOf(await put('move', once))).toMatchObject({
      is_open: true,
      once: { to: '2026-01-01T06:00:00.000Z' },
    });
    const cron = { cron: { expression: '0 3 * * *', for: '90m' } };
    expect(bodyOf(await put('night', cron))).toMatchObject({
      cron: { expression: '0 3 * * *', for: '1h30m' },
      closes_at: '2026-01-01T04:30:00.000Z',
    });
    expect(await names()).toEqual(['move', 'night']);
  });

  it('is replaced by one of the same name, and removed once', async () => {
    await put('backup', once);
    expect(bodyOf(await put('backup', sundays))).toMatchObject({ once: null, is_open: false });
    const remove = async () => (await stage.call('DELETE', `${ROOT}/backup`, { as: 'operator' })).statusCode;
    expect([await remove(), await remove(), await names()]).toEqual([204, 404, []]);
  });

  it('of the file is shown and cannot be changed here', async () => {
    const times = { kind: 'weekly', days: ['sun'], from: '02:00', to: '04:00' } as const;
    await stage.engine.apply({ ...EMPTY_PLAN, maintenance: [{ name: 'backup', times }] });
    expect(await stage.read(`${ROOT}/backup`)).toMatchObject({
      origin: 'file',
      ...sundays,
      time_zone: 'UTC',
    });
    expect(faultOf(await put('backup', once)).code).toBe('CONFLICT');
    expect((await stage.call('DELETE', `${ROOT}/backup`)).statusCode).toBe(409);
  });

  it.each([
    [{}, 'once'],
    [{ ...once, ...sundays }, 'once'],
    [{ once: { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } }, 'once'],
    [{ once: { from: 'now', to: 'later' } }, 'once.from'],
    [{ weekly: { days: [], from: '02:00', to: '04:00' } }, 'weekly.days'],
    [{ weekly: { days: ['sun'], from: '25:00', to: '04:00' } }, 'weekly.from'],
    [{ cron: { expression: '0 25 * * *', for: '1h' } }, 'cron'],
    [{ cron: { expression: '0 3 * * *', for: '0s' } }, 'cron.for'],
    [{ ...sundays, time_zone: 'Europe/Berlni' }, 'weekly'],
    [{ ...sundays, entities: ['nas'] }, 'entities'],
    [{ ...sundays, matchers: [{ label: 'a', operator: '=~', value: '(' }] }, 'matchers'],
  ])('is refused: %j', async (json, field) => {
    const response = await put('backup', json);
    expect([response.statusCode, faultOf(response).field]).toEqual([422, field]);
    expect(await names()).toEqual([]);
  });

  it('needs an operator, and each change leaves a row in the audit log', async () => {
    expect((await put('backup', once, 'viewer')).statusCode).toBe(403);
    await put('backup', once);
    await stage.call('DELETE', `${ROOT}/backup`);
    const { items } = await stage.engine.audit.list({ limit: 3 });
    expect(items.map(({ action, target, outcome }) => [action, target, outcome])).toEqual([
      ['maintenance.remove', 'backup', 'done'],
      ['maintenance.set', 'backup', 'done'],
      ['maintenance.set', 'backup', 'refused'],
    ]);
  });
});
