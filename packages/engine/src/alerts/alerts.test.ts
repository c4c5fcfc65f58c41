import { describe, expect, it } from 'vitest';
import { EngineLab, EVERY, MINUTE, SECOND } from '../testing/engine-lab.js';
import { unreliableStorage } from '../testing/faulty-storage.js';
import { alertStatus } from './alerts.js';

const ANNA = { kind: 'user', id: 'anna', name: 'Anna', role: 'operator' } as const;
const BEN = { kind: 'user', id: 'ben', name: 'Ben', role: 'operator' } as const;

/** A lab whose check `nextcloud` is down and told. */
async function downLab() {
  const lab = new EngineLab();
  await lab.run({ checks: [lab.check('nextcloud')], channels: [lab.channel('slack')] });
  lab.puppet('nextcloud').is('down', 'connection refused');
  await lab.rounds(2);
  return lab;
}

async function trail(lab: EngineLab, alertId: string): Promise<readonly string[]> {
  const rows = await lab.engine.journal.ofAlert(alertId, { limit: 1_000 });
  return rows.items.map(({ kind, reason }) => `${kind}: ${reason}`);
}

describe('an alert of a check', () => {
  it('is pending after one failure and fires after two, in good words, told once', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('nextcloud')], channels: [lab.channel('slack')] });
    lab.puppet('nextcloud').is('down', 'connection refused');
    await lab.rounds(1);
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(lab.engine.alerts.pending()).toMatchObject([
      { state: 'pending', title: 'nextcloud is down', message: 'connection refused (1 of 2 tries failed)' },
    ]);
    await lab.rounds(5);
    expect(lab.engine.alerts.pending()).toEqual([]);
    expect(lab.alert()).toMatchObject({
      ...{
        state: 'firing',
        rule: 'CheckFailing',
        type: 'service_down',
        severity: 'high',
        entity: 'service:nextcloud',
      },
      ...{ title: 'nextcloud is down', message: 'connection refused (2 of 2 tries failed)' },
      labels: { alertname: 'CheckFailing', check: 'nextcloud', instance: 'nextcloud', job: 'puppet' },
    });
    expect(lab.alert().firingAtMs! - lab.alert().pendingAtMs).toBe(EVERY);
    expect(lab.mailbox('slack').arrived).toMatchObject([
      { kind: 'alert.firing', title: 'nextcloud is down', severity: 'high' },
    ]);
  });

  it('disappears without a trace when the second try succeeds', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('nextcloud')], channels: [lab.channel('slack')] });
    lab.puppet('nextcloud').is('down');
    await lab.rounds(1);
    lab.puppet('nextcloud').is('up');
    await lab.rounds(1);
    expect(lab.engine.alerts.pending()).toEqual([]);
    expect(lab.events('alert.changed')).toEqual([]);
    expect((await lab.engine.alerts.list()).total).toBe(0);
  });

  it('is resolved and told when the check is up again', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await lab.clock.advance(10 * MINUTE);
    lab.puppet('nextcloud').is('up', 'HTTP 200 in 43 ms');
    await lab.rounds(1);
    expect(await lab.engine.alerts.get(id)).toMatchObject({
      state: 'resolved',
      resolvedAtMs: expect.any(Number),
    });
    expect(lab.mailbox('slack').arrived[1]).toMatchObject({
      ...{ kind: 'alert.resolved', title: 'nextcloud is up again', text: 'HTTP 200 in 43 ms', alertId: id },
      fields: [
        { label: 'Entity', value: 'nextcloud' },
        { label: 'Check', value: 'nextcloud' },
        { label: 'Lasted', value: '10m30s' },
      ],
    });
    expect(await trail(lab, id)).toEqual([
      'alert.pending: nextcloud is down: its condition is true, and has to stay so for it to count',
      'alert.firing: nextcloud is down: connection refused (2 of 2 tries failed)',
      'notification.queued: alert.firing goes to slack',
      'notification.delivered: delivered',
      'alert.resolved: nextcloud is up again: HTTP 200 in 43 ms',
      'notification.queued: alert.resolved goes to slack',
      'notification.delivered: delivered',
    ]);
  });

  it('gets worse in place and says so; getting a little better tells nobody', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')], channels: [lab.channel('slack')] });
    lab.puppet('web').is('degraded', '2.4 s instead of 1 s');
    await lab.rounds(2);
    const { id } = lab.alert();
    expect(lab.alert()).toMatchObject({
      type: 'service_degraded',
      severity: 'medium',
      title: 'web is degraded',
    });
    lab.puppet('web').is('down', 'refused');
    await lab.rounds(2);
    expect(lab.alert()).toMatchObject({ id, type: 'service_down', severity: 'high', title: 'web is down' });
    lab.puppet('web').is('degraded', 'slow');
    await lab.rounds(2);
    expect(lab.alert()).toMatchObject({ id, type: 'service_degraded' });
    lab.puppet('web').is('up');
    await lab.rounds(1);
    expect(lab.mailbox('slack').titles()).toEqual(['web is degraded', 'web is down', 'web is up again']);
  });

  it('stays open while nobody can tell, for silence is not recovery', async () => {
    const lab = await downLab();
    lab.puppet('nextcloud').says = new Error('the plugin broke');
    await lab.rounds(10);
    expect(lab.status('nextcloud').status).toBe('unknown');
    expect(lab.alert()).toMatchObject({ type: 'service_down' });
    expect(lab.mailbox('slack').arrived).toHaveLength(1);
  });

  it('of a check that keeps changing stays one alert with few messages', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')], channels: [lab.channel('slack')] });
    for (let round = 0; round < 100; round++) {
      lab.puppet('web').is(round % 4 < 2 ? 'down' : 'up');
      await lab.rounds(1);
    }
    expect((await lab.engine.alerts.list()).total).toBe(1);
    expect(lab.mailbox('slack').arrived.length).toBeLessThan(15);
    lab.puppet('web').is('up');
    await lab.rounds(25);
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(lab.mailbox('slack').arrived.at(-1)).toMatchObject({ kind: 'alert.resolved' });
  });

  it('goes only to channels that want its severity, and leaves the reason for the others', async () => {
    const lab = new EngineLab();
    const channels = [
      lab.channel('pager', { when: { severities: ['critical'], kinds: ['alert.firing', 'alert.resolved'] } }),
      lab.channel('chat', { when: { severities: ['critical', 'high'], kinds: ['alert.firing'] } }),
    ];
    await lab.run({ checks: [lab.check('web')], channels });
    lab.puppet('web').is('down');
    await lab.rounds(2);
    const { id } = lab.alert();
    lab.puppet('web').is('up');
    await lab.rounds(1);
    expect(lab.mailbox('pager').arrived).toEqual([]);
    expect(lab.mailbox('chat').titles()).toEqual(['web is down']);
    const reasons = await trail(lab, id);
    expect(reasons).toContain('notification.skipped: pager does not want the severity high');
    expect(reasons).toContain('notification.skipped: chat does not want alert.resolved');
  });

  it('leaves a reason when there is nobody to tell', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    lab.puppet('web').is('down');
    await lab.rounds(2);
    expect(await trail(lab, lab.alert().id)).toContain(
      'notification.skipped: nobody is told: no channel is configured',
    );
  });

  it('links to its page when the plan says where that is', async () => {
    const lab = new EngineLab();
    const alertUrl = (id: string) => `https://monitor.example/alerts/${id}`;
    await lab.run({ checks: [lab.check('web')], channels: [lab.channel('slack')], alertUrl });
    lab.puppet('web').is('down');
    await lab.rounds(2);
    expect(lab.mailbox('slack').arrived[0]?.url).toBe(alertUrl(lab.alert().id));
  });

  it('is listed by status, severity and entity, newest first, with the number of all', async () => {
    const lab = new EngineLab();
    const checks = ['a', 'b', 'c'].map((name) =>
      lab.check(name, { severity: name === 'a' ? 'critical' : 'low', failuresBeforeDown: 1 }),
    );
    await lab.run({ checks });
    for (const { name } of checks) {
      lab.puppet(name).is('down');
      await lab.rounds(1);
    }
    lab.puppet('b').is('up');
    await lab.rounds(1);
    const titles = async (...args: Parameters<typeof lab.engine.alerts.list>) =>
      (await lab.engine.alerts.list(...args)).items.map(({ title }) => title[0]).join('');
    expect(await titles()).toBe('cba');
    expect(await titles({ status: 'open' })).toBe('ca');
    expect(await titles({ status: 'resolved' })).toBe('b');
    expect(await titles({ severity: 'low' })).toBe('cb');
    expect(await titles({ severity: 'low', status: 'open' })).toBe('c');
    expect(await titles({ entity: 'service:a', severity: 'critical' })).toBe('a');
    expect(await titles({ entity: 'service:b', status: 'open' })).toBe('');
    expect(await titles({ entity: 'service:c', status: 'open', severity: 'low' })).toBe('c');
    const first = await lab.engine.alerts.list({}, { limit: 2 });
    expect(first.total).toBe(3);
    expect(await titles({}, { limit: 2, cursor: first.nextCursor })).toBe('a');
    expect(lab.engine.alerts.counts()).toEqual({
      open: 2,
      acknowledged: 0,
      suppressed: 0,
      critical: 1,
      high: 0,
      medium: 0,
      low: 1,
    });
  });

  it('waits for a store that is away, and comes right when it is back', async () => {
    const { storage, control } = unreliableStorage();
    const lab = new EngineLab({ storage });
    await lab.run({ checks: [lab.check('web')], channels: [lab.channel('slack')] });
    control.isAway = true;
    lab.puppet('web').is('down');
    await lab.rounds(3);
    expect(lab.status('web').status).toBe('down');
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(lab.mailbox('slack').calls).toEqual([]);
    control.isAway = false;
    await lab.clock.advance(31 * SECOND);
    expect(lab.mailbox('slack').titles()).toEqual(['web is down']);
  });
});

describe('an acknowledgement', () => {
  it('has an actor and a reason, is told, and does not mute the end', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    const acknowledged = await lab.engine.alerts.acknowledge(id, { by: ANNA, reason: 'on it' });
    expect(acknowledged.acknowledgement).toMatchObject({ by: ANNA, reason: 'on it', atMs: lab.clock.now() });
    expect(alertStatus(acknowledged)).toBe('acknowledged');
    lab.puppet('nextcloud').is('up');
    await lab.rounds(1);
    expect(lab.mailbox('slack').arrived.map(({ kind }) => kind)).toEqual([
      'alert.firing',
      'alert.acknowledged',
      'alert.resolved',
    ]);
  });

  it('sticks when the alert comes back within ten minutes, and nobody is told of the blip', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await lab.engine.alerts.acknowledge(id, { by: ANNA, reason: 'rebooting it' });
    lab.puppet('nextcloud').is('up');
    await lab.clock.advance(5 * MINUTE);
    lab.puppet('nextcloud').is('down');
    await lab.rounds(2);
    expect(lab.alert()).toMatchObject({
      id,
      state: 'firing',
      acknowledgement: { by: ANNA, reason: 'rebooting it' },
    });
    expect(lab.mailbox('slack').arrived.map(({ kind }) => kind)).toEqual([
      'alert.firing',
      'alert.acknowledged',
      'alert.resolved',
    ]);
    // It is no blip any more: those who read that it was over hear that it is not.
    await lab.clock.advance(11 * MINUTE);
    expect(lab.mailbox('slack').arrived.at(-1)).toMatchObject({
      kind: 'alert.firing',
      text: expect.stringContaining('Acknowledged by Anna: rebooting it.'),
    });
    await lab.clock.advance(30 * MINUTE);
    expect(lab.mailbox('slack').arrived).toHaveLength(4);
  });

  it('does not stick to trouble that begins later', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await lab.engine.alerts.acknowledge(id, { by: ANNA, reason: '' });
    lab.puppet('nextcloud').is('up');
    await lab.clock.advance(12 * MINUTE);
    lab.puppet('nextcloud').is('down');
    await lab.rounds(2);
    expect(lab.alert().id).not.toBe(id);
    expect(lab.alert().acknowledgement).toBeUndefined();
    expect(lab.mailbox('slack').arrived.at(-1)).toMatchObject({ kind: 'alert.firing' });
  });

  it('ends when it was to end, and then the alert is told again', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await lab.engine.alerts.acknowledge(id, {
      by: ANNA,
      reason: 'until lunch',
      untilMs: lab.clock.now() + 30 * MINUTE,
    });
    await lab.clock.advance(29 * MINUTE);
    expect(lab.alert().acknowledgement).toBeDefined();
    await lab.clock.advance(2 * MINUTE);
    expect(lab.alert().acknowledgement).toBeUndefined();
    expect(lab.mailbox('slack').arrived.map(({ kind }) => kind)).toEqual([
      'alert.firing',
      'alert.acknowledged',
      'alert.firing',
    ]);
    expect(await trail(lab, id)).toContain('alert.unacknowledged: the acknowledgement by Anna has ended');
  });

  it('that is repeated changes nothing and is told once', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    const first = await lab.engine.alerts.acknowledge(id, { by: ANNA, reason: 'on it' });
    await lab.clock.advance(MINUTE);
    expect(await lab.engine.alerts.acknowledge(id, { by: ANNA, reason: 'on it' })).toEqual(first);
    expect(lab.mailbox('slack').arrived.map(({ kind }) => kind)).toEqual([
      'alert.firing',
      'alert.acknowledged',
    ]);
  });

  it('can be taken back, and replaced', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await expect(lab.engine.alerts.unacknowledge(id, { by: BEN, reason: '' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await lab.engine.alerts.acknowledge(id, { by: ANNA, reason: 'mine' });
    await lab.engine.alerts.acknowledge(id, { by: BEN, reason: 'no, mine' });
    expect(lab.alert().acknowledgement?.by).toEqual(BEN);
    await lab.engine.alerts.unacknowledge(id, { by: BEN, reason: 'going home' });
    expect(alertStatus(lab.alert())).toBe('open');
    expect(lab.engine.alerts.counts()).toMatchObject({ open: 1, acknowledged: 0 });
  });

  it('of an alert that is over, or of none, is refused', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    lab.puppet('nextcloud').is('up');
    await lab.rounds(1);
    await expect(lab.engine.alerts.acknowledge(id, { by: ANNA, reason: '' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(lab.engine.alerts.acknowledge('nowhere', { by: ANNA, reason: '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('and an end that come at the same moment leave one true state', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    lab.puppet('nextcloud').is('up');
    const run = lab.engine.checks.runNow('nextcloud');
    const acknowledging = lab.engine.alerts
      .acknowledge(id, { by: ANNA, reason: 'on it' })
      .catch(({ code }: { code: string }) => code);
    await Promise.all([run, acknowledging]);
    expect(await lab.engine.alerts.get(id)).toMatchObject({ state: 'resolved' });
    expect(lab.engine.alerts.firing()).toEqual([]);
  });
});

describe('an alert that a person closes', () => {
  it('is told as over, and stays closed while its condition goes on', async () => {
    const lab = await downLab();
    await lab.engine.alerts.resolve(lab.alert().id, { by: ANNA, reason: 'switched off on purpose' });
    await lab.clock.advance(40 * MINUTE);
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(lab.mailbox('slack').arrived[1]).toMatchObject({
      title: 'Closed by Anna: nextcloud is down',
      text: 'switched off on purpose\nIt still lasts; it is told again when it gets worse, or comes back after it was well.',
    });
    expect(lab.mailbox('slack').arrived).toHaveLength(2);
  });

  it('also over a restart, and fires anew after the condition has cleared once', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await lab.engine.alerts.resolve(id, { by: ANNA, reason: 'known' });
    const next = lab.reborn();
    await next.run({ checks: [next.check('nextcloud')], channels: [next.channel('slack')] });
    await next.clock.advance(30 * MINUTE);
    expect(next.engine.alerts.firing()).toEqual([]);
    next.puppet('nextcloud').is('up');
    await next.rounds(1);
    next.puppet('nextcloud').is('down');
    await next.rounds(2);
    expect(next.alert().state).toBe('firing');
  });

  it('fires anew when it gets worse', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    lab.puppet('web').is('degraded');
    await lab.rounds(2);
    const { id } = lab.alert();
    await lab.engine.alerts.resolve(id, { by: ANNA, reason: 'known' });
    await lab.rounds(2);
    expect(lab.engine.alerts.firing()).toEqual([]);
    lab.puppet('web').is('down');
    await lab.rounds(2);
    expect(lab.alert().id).not.toBe(id);
    await expect(lab.engine.alerts.resolve(id, { by: ANNA, reason: '' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});

describe('after a restart', () => {
  it('no alert fires twice', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    const next = lab.reborn();
    await next.run({ checks: [next.check('nextcloud')], channels: [next.channel('slack')] });
    expect(next.alert()).toMatchObject({ id, state: 'firing' });
    await next.rounds(10);
    expect(next.alert().id).toBe(id);
    expect(next.mailbox('slack').arrived).toHaveLength(1);
    expect(next.events('alert.changed')).toEqual([]);
  });

  it('what recovered meanwhile is resolved and told', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    lab.puppet('nextcloud').is('up', 'HTTP 200');
    const next = lab.reborn();
    await next.run({ checks: [next.check('nextcloud')], channels: [next.channel('slack')] });
    await next.rounds(1);
    expect(await next.engine.alerts.get(id)).toMatchObject({ state: 'resolved' });
    expect(next.mailbox('slack').arrived.map(({ kind }) => kind)).toEqual(['alert.firing', 'alert.resolved']);
  });

  it('the alert of a check that no longer exists is resolved with the reason', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    const next = lab.reborn();
    await next.run({ checks: [], channels: [next.channel('slack')] });
    expect(await next.engine.alerts.get(id)).toMatchObject({ state: 'resolved' });
    expect(next.mailbox('slack').arrived.at(-1)).toMatchObject({
      title: 'nextcloud is no longer checked',
      text: 'it was removed from the configuration',
    });
  });

  it('an acknowledgement is still there', async () => {
    const lab = await downLab();
    await lab.engine.alerts.acknowledge(lab.alert().id, { by: ANNA, reason: 'on it' });
    const next = lab.reborn();
    await next.run({ checks: [next.check('nextcloud')] });
    expect(next.alert().acknowledgement).toMatchObject({ by: ANNA });
  });
});

describe('a change of the plan', () => {
  it('keeps the alert of a check whose options change, and closes that of one that is taken out', async () => {
    const lab = await downLab();
    const { id } = lab.alert();
    await lab.run({ checks: [lab.check('nextcloud', { digest: 'two' })], channels: [lab.channel('slack')] });
    expect(lab.alert().id).toBe(id);
    await lab.run({ checks: [], channels: [lab.channel('slack')] });
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(lab.events('check.removed')).toEqual([{ id: 'nextcloud' }]);
  });
});
