import { describe, expect, it } from 'vitest';
import { AlertLab, ANNA } from '../../testing/alert-lab.js';
import { HOUR, MINUTE, SECOND } from '../../testing/engine-lab.js';
import { countingStorage, unreliableStorage } from '../../testing/faulty-storage.js';

async function lab() {
  const made = new AlertLab();
  await made.begin();
  return made;
}

describe('an alert of a rule', () => {
  it('carries what its labels and annotations say', async () => {
    const made = await lab();
    await made.fires(
      'DiskWillFill',
      { severity: 'page', entity: 'server:nas', mountpoint: '/data' },
      {
        annotations: {
          summary: 'Disk of nas fills',
          message: 'full in 3 h',
          runbook_url: 'https://wiki/disk',
        },
        value: 0.93,
        url: 'https://prom/graph',
        sinceMs: made.clock.now() - 5 * MINUTE,
      },
    );
    expect(made.alert()).toMatchObject({
      ...{ rule: 'DiskWillFill', type: 'disk_will_fill', severity: 'critical', entity: 'server:nas' },
      ...{ title: 'Disk of nas fills', message: 'full in 3 h', value: 0.93, url: 'https://prom/graph' },
      labels: { severity: 'page' },
      annotations: { runbook_url: 'https://wiki/disk' },
      pendingAtMs: made.clock.now() - 1 - 5 * MINUTE,
    });
    expect(await made.why(made.alert().id)).toEqual([
      'alert.pending: Disk of nas fills: its condition is true, and has to stay so for it to count',
      'alert.firing: Disk of nas fills: full in 3 h',
      'notification.queued: alert.firing goes to chat',
      'notification.delivered: delivered',
    ]);
    await made.ends('DiskWillFill');
    expect(made.told()).toEqual(['firing Disk of nas fills', 'resolved Over: Disk of nas fills']);
  });

  it.each([
    ['critical', 'critical'],
    ['page', 'critical'],
    ['error', 'high'],
    ['high', 'high'],
    ['warning', 'medium'],
    ['info', 'low'],
    ['none', 'low'],
    ['Warning', 'medium'],
    ['constructor', 'medium'],
    ['', 'medium'],
  ])('with the severity %j is %s', async (label, severity) => {
    const made = await lab();
    await made.fires('A', { severity: label });
    expect(made.alert().severity).toBe(severity);
  });

  it('is shown in the words and with the value of now, and not written or told because of that', async () => {
    const { storage, writes } = countingStorage();
    const made = new AlertLab({ storage });
    await made.begin();
    const says = (value: number) =>
      made.fires('A', {}, { annotations: { summary: `x is ${value}` }, value, sinceMs: 0 });
    await says(10);
    const { transactions } = writes;
    await says(50);
    const { alerts } = made.engine;
    const now = { title: 'x is 50', value: 50 };
    expect(alerts.firing()).toMatchObject([now]);
    expect((await alerts.list()).items).toMatchObject([now]);
    expect(await alerts.get(made.alert().id)).toMatchObject(now);
    expect(alerts.groups()).toMatchObject([{ alerts: [now] }]);
    expect(writes.transactions).toBe(transactions);
    expect(made.told()).toEqual(['firing x is 10']);
  });

  it('is listed while it is pending, and nobody is told', async () => {
    const made = await lab();
    await made.fires('A', {}, { phase: 'pending' });
    expect(made.engine.alerts.pending()).toMatchObject([{ rule: 'A', state: 'pending' }]);
    expect(made.engine.alerts.firing()).toEqual([]);
    await made.fires('A');
    expect(made.engine.alerts.pending()).toEqual([]);
    expect(made.told()).toEqual(['firing A']);
  });

  it('stays what it is while the rule cannot be evaluated: silence is not recovery', async () => {
    const made = await lab();
    await made.fires('A');
    await made.clock.advance(HOUR);
    expect(made.alert().rule).toBe('A');
    expect(made.told()).toEqual(['firing A']);
  });

  it('of a time long ago opens nothing, so that imported samples never page about the past', async () => {
    const made = await lab();
    const alert = { labels: { alertname: 'Old' }, annotations: {}, phase: 'firing', sinceMs: 0 } as const;
    await Promise.all([
      made.engine.ruleSignals.replace('past', [alert], made.clock.now() - 6 * MINUTE),
      made.clock.advance(SECOND),
    ]);
    expect(made.engine.alerts.firing()).toEqual([]);
    expect(made.told()).toEqual([]);
    await Promise.all([
      made.engine.ruleSignals.replace('past', [alert], made.clock.now() - MINUTE),
      made.clock.advance(SECOND),
    ]);
    expect(made.told()).toEqual(['firing Old']);
  });

  it('ends with the reason when its group is removed', async () => {
    const made = await lab();
    await made.fires('A');
    const { id } = made.alert();
    made.groups.clear();
    await Promise.all([made.engine.ruleSignals.keepOnly([]), made.clock.advance(SECOND)]);
    expect(await made.why(id)).toContain(
      'alert.resolved: Over: A: the rule was removed from the configuration',
    );
    expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('does not mix with a group whose name begins like its own', async () => {
    const made = await lab();
    const alert = { labels: { alertname: 'X' }, annotations: {}, phase: 'firing', sinceMs: 0 } as const;
    const { ruleSignals } = made.engine;
    await Promise.all([ruleSignals.replace('a/b', [alert], made.clock.now()), made.clock.advance(SECOND)]);
    await Promise.all([ruleSignals.replace('a', [], made.clock.now()), made.clock.advance(SECOND)]);
    expect(made.alert().rule).toBe('X');
  });

  it('waits for a store that is away, and comes right when it is back', async () => {
    const { storage, control } = unreliableStorage();
    const made = new AlertLab({ storage });
    await made.begin();
    control.isAway = true;
    await made.fires('A');
    await made.pass(2 * MINUTE);
    expect(made.told()).toEqual([]);
    control.isAway = false;
    await made.pass(MINUTE);
    expect(made.told()).toEqual(['firing A']);
  });

  it('keeps secrets of its annotations to itself', async () => {
    const made = await lab();
    made.redactor.protect('hunter2-hunter2');
    await made.fires('A', {}, { annotations: { summary: 'login with hunter2-hunter2 fails' } });
    expect(JSON.stringify(made.alert())).not.toContain('hunter2');
  });
});

describe('after a restart', () => {
  it('nothing is resolved before its group has been evaluated, and then what is over is told', async () => {
    const made = await lab();
    await made.fires('A');
    await made.fires('B');
    made.rules.delete('B');
    const next = made.reborn();
    await next.run({ channels: [next.channel('chat')] });
    await next.clock.advance(10 * MINUTE);
    expect(next.engine.alerts.firing().map(({ rule }) => rule)).toEqual(['B', 'A']);
    await next.evaluate();
    expect(next.engine.alerts.firing().map(({ rule }) => rule)).toEqual(['A']);
    expect(next.told()).toEqual(['firing A', 'firing B', 'resolved Over: B']);
  });

  it('alerts of a group that is gone end', async () => {
    const made = await lab();
    await made.fires('A');
    const next = made.reborn();
    next.groups.clear();
    await next.run({ channels: [next.channel('chat')] });
    await next.clock.advance(SECOND);
    expect(next.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('an alert that a person closed stays closed until its condition has cleared', async () => {
    const made = await lab();
    await made.fires('A');
    await made.engine.alerts.resolve(made.alert().id, { by: ANNA, reason: 'known' });
    const next = made.reborn();
    await next.begin();
    await next.pass(20 * MINUTE);
    expect(next.engine.alerts.firing()).toEqual([]);
    await next.ends('A');
    await next.fires('A');
    expect(next.firing('A')).toBeDefined();
  });
});
