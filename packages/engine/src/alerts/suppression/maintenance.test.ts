import type { Maintenance, MaintenanceTimes } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { AlertLab, ANNA, matcher } from '../../testing/alert-lab.js';
import { HOUR, MINUTE, SECOND } from '../../testing/engine-lab.js';
import { maintenanceProblem, maintenanceSpan } from './maintenance-times.js';

const NIGHT: MaintenanceTimes = { kind: 'weekly', days: ['sat', 'sun'], from: '22:00', to: '04:00' };
const weekly = (from: string, to: string): MaintenanceTimes => ({
  kind: 'weekly',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from,
  to,
});

function span(times: MaintenanceTimes, timeZone: string, now: string): string | undefined {
  const found = maintenanceSpan({ name: 'w', times, timeZone }, Date.parse(now));
  return found && `${iso(found.fromMs)} – ${iso(found.toMs)}`;
}

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

describe('the times of a window', () => {
  it.each([
    ['in a plain night', NIGHT, 'Europe/Berlin', '2026-01-10T12:00Z', '2026-01-10T21:00 – 2026-01-11T03:00'],
    ['while it is open', NIGHT, 'Europe/Berlin', '2026-01-10T23:00Z', '2026-01-10T21:00 – 2026-01-11T03:00'],
    ['at its first moment', NIGHT, 'UTC', '2026-01-10T22:00Z', '2026-01-10T22:00 – 2026-01-11T04:00'],
    [
      'at its last moment it is closed',
      NIGHT,
      'UTC',
      '2026-01-12T04:00Z',
      '2026-01-17T22:00 – 2026-01-18T04:00',
    ],
    [
      'over the spring gap it is an hour shorter',
      NIGHT,
      'Europe/Berlin',
      '2026-03-28T22:00Z',
      '2026-03-28T21:00 – 2026-03-29T02:00',
    ],
    [
      'over the autumn hour it is an hour longer',
      NIGHT,
      'Europe/Berlin',
      '2026-10-24T22:00Z',
      '2026-10-24T20:00 – 2026-10-25T03:00',
    ],
    [
      'that begins within the gap begins at its end',
      weekly('02:30', '05:00'),
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-29T01:00 – 2026-03-29T03:00',
    ],
    [
      'that ends within the gap ends at its end',
      weekly('01:00', '02:30'),
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-29T00:00 – 2026-03-29T01:00',
    ],
    [
      'that lies within the gap falls out',
      weekly('02:10', '02:50'),
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-30T00:10 – 2026-03-30T00:50',
    ],
    [
      'that begins in the hour that comes twice begins in the first',
      weekly('02:30', '03:30'),
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-25T00:30 – 2026-10-25T02:30',
    ],
    [
      'west of Greenwich',
      weekly('23:00', '23:30'),
      'America/New_York',
      '2026-07-01T00:00Z',
      '2026-07-01T03:00 – 2026-07-01T03:30',
    ],
    [
      'in a zone of half hours',
      weekly('00:00', '01:00'),
      'Asia/Kolkata',
      '2026-07-01T00:00Z',
      '2026-07-01T18:30 – 2026-07-01T19:30',
    ],
    [
      'with equal times lasts a day',
      weekly('06:00', '06:00'),
      'UTC',
      '2026-07-01T05:00Z',
      '2026-06-30T06:00 – 2026-07-01T06:00',
    ],
    [
      'by cron',
      { kind: 'cron', expression: '0 3 1 * *', durationMs: 2 * HOUR },
      'Europe/Berlin',
      '2026-06-15T00:00Z',
      '2026-07-01T01:00 – 2026-07-01T03:00',
    ],
    [
      'by cron, longer than its distance',
      { kind: 'cron', expression: '0 * * * *', durationMs: 90 * MINUTE },
      'UTC',
      '2026-06-15T00:40Z',
      '2026-06-15T00:00 – 2026-06-15T01:30',
    ],
  ] as const)('%s', (_, times, zone, now, expected) => {
    expect(span(times, zone, now)).toBe(expected);
  });

  it('of one that opens once are what they are, and then over', () => {
    const once: MaintenanceTimes = { kind: 'once', fromMs: 1_000, toMs: 2_000 };
    expect(maintenanceSpan({ name: 'w', times: once }, 0)).toEqual({ fromMs: 1_000, toMs: 2_000 });
    expect(maintenanceSpan({ name: 'w', times: once }, 2_000)).toBeUndefined();
  });

  it.each([
    [
      { kind: 'weekly', days: ['mon'], from: '25:00', to: '04:00' },
      "'25:00' is not a time of day such as 22:30",
    ],
    [{ kind: 'weekly', days: [], from: '22:00', to: '04:00' }, 'it needs at least one day'],
    [{ kind: 'once', fromMs: 2, toMs: 1 }, 'it must end later than it begins'],
    [{ kind: 'cron', expression: '0 3 * * *', durationMs: 0 }, 'it must last for some time'],
  ] as const)('%j are refused', (times, problem) => {
    expect(maintenanceProblem({ name: 'w', times })).toBe(problem);
  });

  it('that are no cron expression, and zones that are none, are refused', () => {
    const cron: MaintenanceTimes = { kind: 'cron', expression: 'often', durationMs: 1 };
    expect(maintenanceProblem({ name: 'w', times: cron })).toContain("'often' is not a cron expression");
    expect(maintenanceProblem({ name: 'w', times: NIGHT, timeZone: 'Mars/Olympus' })).toContain(
      'Mars/Olympus',
    );
  });
});

describe('a maintenance window', () => {
  const inHalfAnHour = (made: AlertLab, more: Partial<Maintenance> = {}): Maintenance => ({
    name: 'patch day',
    times: { kind: 'once', fromMs: made.clock.now() + 30 * MINUTE, toMs: made.clock.now() + HOUR },
    ...more,
  });

  it('keeps alerts quiet while it is open, and what still fires at its end is told then', async () => {
    const made = new AlertLab();
    await made.begin({ maintenance: [inHalfAnHour(made)] });
    await made.fires('A');
    await made.pass(31 * MINUTE);
    await made.fires('B');
    expect(made.firing('B')?.suppression).toMatchObject({ kind: 'maintenance', by: 'patch day' });
    expect(made.told()).toEqual(['firing A']);
    await made.pass(30 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'firing B']);
    expect(await made.why(made.firing('B')!.id)).toContain(
      "alert.unsuppressed: the maintenance 'patch day' is over, and this still fires",
    );
  });

  it('covers its entities and all that depends on them, and nothing else', async () => {
    const made = new AlertLab();
    const times: MaintenanceTimes = { kind: 'once', fromMs: made.clock.now(), toMs: made.clock.now() + HOUR };
    await made.begin({
      entities: [{ id: 'vm:a', parent: 'server:nas' }],
      maintenance: [{ name: 'nas', times, entities: ['server:nas'], matchers: [matcher('alertname!=C')] }],
    });
    await made.fires('A', { entity: 'vm:a' });
    await made.fires('B', { entity: 'server:nas' });
    await made.fires('C', { entity: 'server:nas' });
    await made.fires('D', { entity: 'server:other' });
    await made.fires('E');
    expect(made.told()).toEqual(['firing C', 'firing D', 'firing E']);
  });

  it('can be made by a person, is there after a restart, and can be removed', async () => {
    const made = new AlertLab();
    await made.begin();
    const window = inHalfAnHour(made);
    const setting = made.engine.alerts.setMaintenance(window, ANNA);
    await made.clock.advance(1);
    expect(await setting).toMatchObject({
      ...window,
      origin: 'person',
      isOpen: false,
      occurrence: { fromMs: expect.any(Number) },
    });
    const next = made.reborn();
    await next.begin();
    await next.pass(31 * MINUTE);
    expect(next.engine.alerts.maintenance()).toMatchObject([{ name: 'patch day', isOpen: true }]);
    await next.fires('A');
    expect(next.told()).toEqual([]);
    const removing = next.engine.alerts.removeMaintenance('patch day', ANNA);
    await next.clock.advance(SECOND);
    expect(await removing).toBe(true);
    expect(next.told()).toEqual(['firing A']);
    expect(await next.engine.alerts.removeMaintenance('patch day', ANNA)).toBe(false);
  });

  it('of the file is not changed by hand', async () => {
    const made = new AlertLab();
    await made.begin({ maintenance: [inHalfAnHour(made)] });
    await expect(made.engine.alerts.setMaintenance(inHalfAnHour(made), ANNA)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(made.engine.alerts.removeMaintenance('patch day', ANNA)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('that cannot be is refused', async () => {
    const made = new AlertLab();
    await made.begin();
    const refused = (more: Partial<Maintenance>) =>
      made.engine.alerts
        .setMaintenance(inHalfAnHour(made, more), ANNA)
        .catch(({ code }: { code: string }) => code);
    expect(await refused({ timeZone: 'nowhere' })).toBe('VALIDATION_ERROR');
    expect(await refused({ matchers: [matcher('a=~(')] })).toBe('VALIDATION_ERROR');
    expect(await refused({ name: '' })).toBe('VALIDATION_ERROR');
  });
});
