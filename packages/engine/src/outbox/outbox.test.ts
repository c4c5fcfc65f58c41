import { DropFailure, RetryFailure } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { EngineLab, HOUR, MINUTE, SECOND } from '../testing/engine-lab.js';

const ANNA = { kind: 'user', id: 'anna', name: 'Anna', role: 'operator' } as const;
const refused = () => new RetryFailure('CONNECTION_FAILED', 'connection refused');

/** A lab with quick checks; `fall` and `rise` change them and let it be noticed. */
async function outboxLab(names: readonly string[], life: Parameters<EngineLab['channel']>[2] = {}) {
  const lab = new EngineLab();
  const checks = names.map((name) => lab.check(name, { failuresBeforeDown: 1 }));
  await lab.run({ checks, channels: [lab.channel('slack', {}, life)] });
  const turn = async (name: string, status: 'up' | 'down') => {
    lab.puppet(name).is(status);
    await lab.engine.checks.runNow(name);
    await lab.clock.advance(1);
  };
  return {
    lab,
    slack: lab.mailbox('slack'),
    fall: (name: string) => turn(name, 'down'),
    rise: (name: string) => turn(name, 'up'),
  };
}

describe('a message', () => {
  it('is tried again with growing pauses until the channel accepts it, and then arrives once', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = refused();
    await fall('web');
    expect(slack.calls).toHaveLength(1);
    expect(lab.engine.channels.get('slack')).toMatchObject({
      state: 'failing',
      reason: 'connection refused',
      pending: 1,
      dead: 0,
    });
    await lab.clock.advance(10 * MINUTE);
    const tries = slack.calls.length;
    // One second, two, four … up to a minute, each a fifth longer or shorter.
    expect(tries).toBeGreaterThanOrEqual(13);
    expect(tries).toBeLessThanOrEqual(20);
    slack.fails = undefined;
    await lab.clock.advance(75 * SECOND);
    expect(slack.arrived).toHaveLength(1);
    expect(new Set(slack.calls.map(({ id }) => id)).size).toBe(1);
    expect(lab.engine.channels.get('slack')).toMatchObject({
      state: 'running',
      pending: 0,
      lastDeliveredMs: expect.any(Number),
    });
    expect(lab.events('notification.retry').length).toBe(tries);
    expect(lab.events('notification.delivered')).toMatchObject([{ channel: 'slack' }]);
  });

  it('waits as long as the other side asks', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = new RetryFailure('RATE_LIMITED', 'slow down', { retryAfterMs: 90 * SECOND });
    await fall('web');
    await lab.clock.advance(89 * SECOND);
    expect(slack.calls).toHaveLength(1);
    await lab.clock.advance(2 * SECOND);
    expect(slack.calls).toHaveLength(2);
  });

  it('that is refused for good is dead at once, kept, and can be tried again', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = new DropFailure('REQUEST_REFUSED', 'no such channel');
    await fall('web');
    await lab.clock.advance(HOUR);
    expect(slack.calls).toHaveLength(1);
    expect(lab.engine.channels.get('slack')).toMatchObject({ pending: 0, dead: 1 });
    const { items, total } = await lab.engine.channels.deadLetters();
    expect([total, items[0]]).toMatchObject([
      1,
      { channel: 'slack', reason: 'no such channel', attempts: 1, notification: { title: 'web is down' } },
    ]);
    expect(lab.events('notification.dead')).toMatchObject([{ channel: 'slack', reason: 'no such channel' }]);
    slack.fails = undefined;
    await lab.engine.channels.retry(items[0]!.id);
    await lab.clock.advance(SECOND);
    expect(slack.titles()).toEqual(['web is down']);
    expect(lab.engine.channels.get('slack')).toMatchObject({ pending: 0, dead: 0 });
    await expect(lab.engine.channels.retry(items[0]!.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is given up after a day, and can be thrown away', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = refused();
    await fall('web');
    await lab.clock.advance(23 * HOUR);
    expect(lab.engine.channels.get('slack')).toMatchObject({ pending: 1, dead: 0 });
    await lab.clock.advance(2 * HOUR);
    expect(lab.engine.channels.get('slack')).toMatchObject({ pending: 0, dead: 1 });
    const [letter] = (await lab.engine.channels.deadLetters()).items;
    expect(await lab.engine.channels.discard(letter!.id)).toBe(true);
    expect(await lab.engine.channels.discard(letter!.id)).toBe(false);
    expect(lab.engine.stats().outbox).toEqual({ pending: 0, dead: 0 });
  }, 20_000);

  it('is not given up at the first try after the machine slept for days', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = refused();
    await fall('web');
    await lab.clock.sleepMachine(48 * HOUR);
    slack.fails = undefined;
    await lab.clock.advance(2 * MINUTE);
    expect(slack.titles()).toContain('web is down');
  });

  it('that takes too long is cut off, and the channel is never called twice at once', async () => {
    const { lab, slack, fall } = await outboxLab(['web', 'mail']);
    slack.fails = 'hang';
    await fall('web');
    await fall('mail');
    await lab.clock.advance(5 * MINUTE);
    expect(slack.calls).toHaveLength(1);
    expect(lab.engine.channels.get('slack')).toMatchObject({
      state: 'failing',
      reason: 'a delivery takes longer than 10000 ms',
    });
    slack.fails = undefined;
    slack.letGo();
    await lab.clock.advance(SECOND);
    // It arrived late, but it did: it is not sent again.
    expect(slack.titles()).toEqual(['web is down', 'mail is down']);
  });

  it('is cut to what the channel can show, at a word', async () => {
    const limits = { textLength: 20, messagesPerSecond: 1_000, buttons: 'hidden' } as const;
    const { lab, slack } = await outboxLab(['web'], { limits });
    lab.puppet('web').is('down', 'the answer was not what it should have been');
    await lab.engine.checks.runNow('web');
    await lab.clock.advance(1);
    expect(slack.arrived[0]?.text).toBe('the answer was not…');
  });
});

describe('the messages of one channel', () => {
  it('leave at its pace', async () => {
    const limits = { textLength: 2_000, messagesPerSecond: 0.5, buttons: 'hidden' } as const;
    const names = ['a', 'b', 'c', 'd'];
    const { lab, slack, fall } = await outboxLab(names, { limits });
    for (const name of names) await fall(name);
    const arrivedAfter = async (ms: number) => {
      await lab.clock.advance(ms);
      return slack.arrived.length;
    };
    expect([
      await arrivedAfter(0),
      await arrivedAfter(2 * SECOND),
      await arrivedAfter(2 * SECOND),
      await arrivedAfter(2 * SECOND),
    ]).toEqual([1, 2, 3, 4]);
    expect(slack.titles()).toEqual(names.map((name) => `${name} is down`));
  });

  it('all arrive, each once, when the channel is back', async () => {
    const names = ['a', 'b', 'c'];
    const { lab, slack, fall } = await outboxLab(names);
    slack.fails = refused();
    for (const name of names) await fall(name);
    await lab.clock.advance(3 * MINUTE);
    slack.fails = undefined;
    await lab.clock.advance(3 * MINUTE);
    expect([...slack.titles()].sort()).toEqual(names.map((name) => `${name} is down`));
    expect(slack.arrived).toHaveLength(3);
  });

  it('are not blocked by one that the other side never takes', async () => {
    const { lab, slack, fall, rise } = await outboxLab(['poison', 'web'], {
      notify: async (message) => {
        if (message.title.startsWith('poison')) throw refused();
        await slack.notify(message);
      },
    });
    await fall('poison');
    await lab.clock.advance(MINUTE);
    await fall('web');
    await lab.clock.advance(2 * MINUTE);
    await rise('web');
    await lab.clock.advance(2 * MINUTE);
    expect(slack.titles()).toEqual(['web is down', 'web is up again']);
  });

  it('of one channel do not wait for another one', async () => {
    const lab = new EngineLab();
    await lab.run({
      checks: [lab.check('web', { failuresBeforeDown: 1 })],
      channels: [lab.channel('dead'), lab.channel('alive')],
    });
    lab.mailbox('dead').fails = 'hang';
    lab.puppet('web').is('down');
    await lab.rounds(1);
    expect(lab.mailbox('alive').titles()).toEqual(['web is down']);
  });
});

describe('the end of a story whose beginning is still waiting', () => {
  it('takes the place of the beginning: one message tells it all', async () => {
    const { lab, slack, fall, rise } = await outboxLab(['web']);
    slack.fails = refused();
    lab.puppet('web').is('down', 'connection reset');
    await fall('web');
    const { id } = lab.alert();
    await lab.clock.advance(10 * MINUTE);
    await rise('web');
    slack.fails = undefined;
    await lab.clock.advance(2 * MINUTE);
    expect(slack.arrived).toMatchObject([{ kind: 'alert.resolved', title: 'web is up again', alertId: id }]);
    expect(slack.arrived[0]?.text).toBe(
      'For 10m: web is down, it is down (1 of 1 try failed). This could not be told at the time. it is up',
    );
    const { items } = await lab.engine.journal.ofAlert(id);
    expect(items.map(({ kind }) => kind)).toContain('notification.replaced');
  });

  it('reaches also a channel that wants beginnings only, which was promised this one', async () => {
    const lab = new EngineLab();
    const when = { severities: ['high'], kinds: ['alert.firing'] } as const;
    await lab.run({
      checks: [lab.check('web', { failuresBeforeDown: 1 })],
      channels: [lab.channel('slack', { when })],
    });
    lab.mailbox('slack').fails = refused();
    lab.puppet('web').is('down');
    await lab.rounds(1);
    lab.puppet('web').is('up');
    await lab.rounds(1);
    lab.mailbox('slack').fails = undefined;
    await lab.clock.advance(2 * MINUTE);
    expect(lab.mailbox('slack').arrived).toMatchObject([{ kind: 'alert.firing', title: 'web is up again' }]);
  });

  it('is told as usual when only what came after the beginning waits', async () => {
    const { lab, slack, fall, rise } = await outboxLab(['web']);
    await fall('web');
    slack.fails = refused();
    await lab.engine.alerts.acknowledge(lab.alert().id, { by: ANNA, reason: 'on it' });
    await rise('web');
    slack.fails = undefined;
    await lab.clock.advance(2 * MINUTE);
    expect(slack.titles()).toEqual(['web is down', 'Anna has seen: web is down', 'web is up again']);
    expect(slack.arrived[2]?.text).not.toContain('at the time');
  });

  it('does not reach a channel that knows the beginning and wants no end, whatever waits there', async () => {
    const lab = new EngineLab();
    const when = { severities: ['high'], kinds: ['alert.firing', 'alert.acknowledged'] } as const;
    await lab.run({
      checks: [lab.check('web', { failuresBeforeDown: 1 })],
      channels: [lab.channel('slack', { when })],
    });
    const slack = lab.mailbox('slack');
    lab.puppet('web').is('down');
    await lab.rounds(1);
    slack.fails = refused();
    await lab.engine.alerts.acknowledge(lab.alert().id, { by: ANNA, reason: '' });
    lab.puppet('web').is('up');
    await lab.rounds(1);
    slack.fails = undefined;
    await lab.clock.advance(2 * MINUTE);
    expect(slack.arrived.map(({ kind }) => kind)).toEqual(['alert.firing', 'alert.acknowledged']);
  });

  it('waits behind a beginning that is being sent at that moment', async () => {
    const { lab, slack, fall, rise } = await outboxLab(['web']);
    slack.fails = 'hang';
    await fall('web');
    await rise('web');
    slack.fails = undefined;
    slack.letGo();
    await lab.clock.advance(SECOND);
    expect(slack.titles()).toEqual(['web is down', 'web is up again']);
  });
});

describe('a channel', () => {
  it('can be tested', async () => {
    const { lab, slack } = await outboxLab([]);
    await lab.engine.channels.test('slack', ANNA);
    await lab.clock.advance(1);
    expect(slack.arrived).toMatchObject([
      { kind: 'test', text: 'Anna wants to know whether this channel works. It does.' },
    ]);
    await expect(lab.engine.channels.test('nowhere', ANNA)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that cannot be started keeps its messages until it can', async () => {
    let isBroken = true;
    const start = () => {
      if (isBroken) throw new Error('bad token');
    };
    const { lab, slack, fall } = await outboxLab(['web'], { start });
    await fall('web');
    await lab.clock.advance(MINUTE);
    expect(lab.engine.channels.get('slack')).toMatchObject({
      state: 'failing',
      reason: 'bad token',
      pending: 1,
    });
    expect(slack.calls).toEqual([]);
    isBroken = false;
    await lab.clock.advance(10 * MINUTE);
    expect(slack.titles()).toEqual(['web is down']);
  });

  it('that is taken out of the plan gives up what waits for it, with the reason', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = refused();
    await fall('web');
    await lab.run({ checks: lab.plan.checks });
    expect((await lab.engine.channels.deadLetters()).items).toMatchObject([
      { reason: 'the channel is no longer configured' },
    ]);
    expect(lab.engine.channels.list()).toEqual([]);
  });

  it('that changes its options goes on with what waits', async () => {
    const { lab, slack, fall } = await outboxLab(['web']);
    slack.fails = refused();
    await fall('web');
    slack.fails = undefined;
    await lab.run({ ...lab.plan, channels: [lab.channel('slack', { digest: 'two' })] });
    await lab.clock.advance(MINUTE);
    expect(slack.titles()).toEqual(['web is down']);
  });
});
