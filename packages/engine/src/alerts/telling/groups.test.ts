import { RetryFailure } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import type { ChannelWishes } from '../../index.js';
import { AlertLab, ANNA, matcher } from '../../testing/alert-lab.js';
import { HOUR, MINUTE, SECOND } from '../../testing/engine-lab.js';

const BY_HOST: Partial<ChannelWishes> = { groupBy: ['host'], groupWaitMs: 30 * SECOND };

async function lab(wishes: Partial<ChannelWishes>) {
  const made = new AlertLab();
  await made.begin({ channels: [made.channel('chat', made.wishes(wishes))] });
  return made;
}

/** Another process on the same store, with the same plan. */
async function restarted(made: AlertLab) {
  const next = made.reborn();
  await next.begin(made.plan);
  return next;
}

describe('a channel that groups', () => {
  it('waits for further alerts, tells them in one message, and later ones after the interval', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas', severity: 'critical' });
    await made.fires('C', { host: 'web' });
    await made.clock.advance(29 * SECOND);
    expect(made.told()).toEqual([]);
    await made.clock.advance(2 * SECOND);
    expect(made.told()).toEqual(['firing 2 alerts: host=nas', 'firing C']);
    const [message] = made.mailbox('chat').arrived;
    expect(message).toMatchObject({
      ...{ kind: 'alert.firing', severity: 'critical', text: 'B: B is wrong\nA: A is wrong' },
      fields: [
        { label: 'host', value: 'nas' },
        { label: 'Firing', value: '2' },
        { label: 'Over', value: '0' },
      ],
      alerts: [
        { title: 'B', state: 'firing', severity: 'critical' },
        { title: 'A', state: 'firing', severity: 'medium' },
      ],
      groupLabels: { host: 'nas' },
    });
    expect(made.mailbox('chat').arrived[1]).toMatchObject({
      groupLabels: { host: 'web' },
      alerts: [{ title: 'C', labels: { alertname: 'C', host: 'web' } }],
    });
    await made.fires('D', { host: 'nas' });
    await made.clock.advance(4 * MINUTE);
    expect(made.told()).toHaveLength(2);
    await made.clock.advance(MINUTE);
    expect(made.told().slice(2)).toEqual(['firing 3 alerts: host=nas']);
  });

  it('without a wait tells at once', async () => {
    const made = await lab({ groupBy: ['host'] });
    await made.fires('A', { host: 'nas' });
    expect(made.told()).toEqual(['firing A']);
  });

  it('lists what is over, and tells the end of the group when nothing else fires', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas' });
    await made.clock.advance(MINUTE);
    await made.ends('A');
    await made.clock.advance(5 * MINUTE);
    expect(made.mailbox('chat').arrived[1]).toMatchObject({
      title: '1 alert, 1 over: host=nas',
      text: 'B: B is wrong\nOver: A: A is wrong',
    });
    await made.ends('B');
    await made.clock.advance(5 * MINUTE);
    expect(made.told().slice(2)).toEqual(['resolved Over: B']);
    await made.pass(HOUR);
    expect(made.told()).toHaveLength(3);
    // The group is over: the next one waits as the first did, not for the interval.
    await made.fires('E', { host: 'nas' });
    await made.clock.advance(31 * SECOND);
    expect(made.told()).toHaveLength(4);
  });

  it('says nothing of an alert that came and went while its group waited', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    const { id } = made.alert();
    await made.ends('A');
    await made.pass(HOUR);
    expect(made.told()).toEqual([]);
    expect((await made.why(id)).at(-1)).toContain('nobody was told that it began');
  });

  it('goes on believing in an alert that was over for a moment between two messages', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.clock.advance(MINUTE);
    await made.ends('A');
    await made.fires('A', { host: 'nas' });
    await made.pass(HOUR);
    expect(made.told()).toEqual(['firing A']);
    await made.ends('A');
    await made.pass(10 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('holds back what is silenced before the message leaves', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas' });
    const nowMs = made.clock.now();
    await Promise.all([
      made.engine.alerts.silence(
        {
          matchers: [matcher('alertname=B')],
          startsAtMs: nowMs,
          endsAtMs: nowMs + HOUR,
          createdBy: 'Anna',
          comment: 'mine',
        },
        ANNA,
      ),
      made.clock.advance(MINUTE),
    ]);
    expect(made.told()).toEqual(['firing A']);
    await made.pass(HOUR + 6 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'firing 2 alerts: host=nas']);
  });

  it('forgets and repeats nothing over a restart at any time', async () => {
    let made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas' });
    made = await restarted(made);
    await made.clock.advance(MINUTE);
    expect(made.told()).toEqual(['firing 2 alerts: host=nas']);
    made = await restarted(made);
    await made.fires('C', { host: 'nas' });
    await made.ends('A');
    made = await restarted(made);
    await made.pass(10 * MINUTE);
    expect(made.told()).toEqual(['firing 2 alerts: host=nas', 'firing 2 alerts, 1 over: host=nas']);
    made.rules.clear();
    await made.evaluate();
    made = await restarted(made);
    await made.pass(10 * MINUTE);
    expect(made.told().slice(2)).toEqual(['resolved 2 over: host=nas']);
  });

  it('tells an end however long its interval is, also when nobody was running meanwhile', async () => {
    for (const isRestarted of [false, true]) {
      let made = await lab({ ...BY_HOST, groupIntervalMs: HOUR });
      await made.fires('A', { host: 'nas' });
      await made.clock.advance(MINUTE);
      await made.ends('A');
      if (isRestarted) {
        made.kill();
        await made.clock.sleepMachine(30 * MINUTE);
        made = await restarted(made);
      } else await made.clock.advance(30 * MINUTE);
      expect(made.told()).toEqual(['firing A']);
      await made.clock.advance(31 * MINUTE);
      expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
    }
  });

  it('that hears of no ends is told of none', async () => {
    const made = await lab({ ...BY_HOST, sendResolved: false });
    await made.fires('A', { host: 'nas' });
    await made.clock.advance(MINUTE);
    await made.ends('A');
    await made.pass(HOUR);
    expect(made.told()).toEqual(['firing A']);
  });

  it('that is taken out of the plan leaves nothing behind', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.begin({ channels: [made.channel('other')] });
    await made.pass(HOUR);
    await made.ends('A');
    await made.pass(HOUR);
    expect(made.told()).toEqual([]);
    expect(made.engine.alerts.firing()).toEqual([]);
  });

  it('shows its groups, and those of others one by one', async () => {
    const made = new AlertLab();
    await made.begin({
      channels: [made.channel('chat', made.wishes(BY_HOST)), made.channel('mail')],
    });
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas' });
    const shown = made.engine.alerts
      .groups()
      .map(({ channel, labels, alerts }) => [channel, labels.host, alerts.map(({ rule }) => rule).join()]);
    expect(shown).toEqual([
      ['chat', 'nas', 'A,B'],
      ['mail', 'nas', 'A'],
      ['mail', 'nas', 'B'],
    ]);
  });

  it('has one message when all of a group are acknowledged together', async () => {
    const made = await lab(BY_HOST);
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas' });
    await made.clock.advance(MINUTE);
    const ids = made.engine.alerts.firing().map(({ id }) => id);
    const acknowledging = made.engine.alerts.acknowledgeAll([...ids, 'none'], { by: ANNA, reason: 'on it' });
    await made.clock.advance(SECOND);
    expect((await acknowledging).map(({ acknowledgement }) => acknowledgement?.by.name)).toEqual([
      'Anna',
      'Anna',
    ]);
    expect(made.told().slice(1)).toEqual(['acknowledged Anna has seen 2 alerts']);
    for (const id of ids)
      expect(await made.why(id)).toContain('notification.queued: alert.acknowledged goes to chat');
  });
});

describe('a route', () => {
  it('leads alerts to the channels that want their labels, with the reason for the others', async () => {
    const made = new AlertLab();
    await made.begin({
      channels: [
        made.channel('disks', made.wishes({ matchers: [matcher('alertname=~Disk.*')] })),
        made.channel('chat', made.wishes({})),
      ],
    });
    await made.fires('CpuHot');
    await made.fires('DiskFull');
    expect(made.told('disks')).toEqual(['firing DiskFull']);
    expect(made.told('chat')).toEqual(['firing CpuHot', 'firing DiskFull']);
    expect(await made.why(made.firing('CpuHot')!.id)).toContain(
      'notification.skipped: disks does not want alerts with these labels',
    );
  });
});

describe('a channel that has had its share of messages', () => {
  it('is told of the rest in one message when there is room again, ends too, and loses none', async () => {
    const made = await lab({ messagesPerMinute: 3 });
    for (let index = 0; index < 10; index++) await made.fires(`A${index}`);
    expect(made.told()).toEqual(['firing A0', 'firing A1', 'firing A2']);
    expect((await made.why(made.firing('A5')!.id)).at(-1)).toContain('share of messages for this minute');
    await made.clock.advance(MINUTE);
    expect(made.told().slice(3)).toEqual(['firing 7 alerts']);
    expect(made.mailbox('chat').arrived[3]?.alerts).toHaveLength(7);
    await made.clock.advance(2 * MINUTE);
    for (let index = 0; index < 10; index++) await made.ends(`A${index}`);
    await made.clock.advance(2 * MINUTE);
    expect(made.told().slice(4)).toEqual([
      'resolved Over: A0',
      'resolved Over: A1',
      'resolved Over: A2',
      'resolved 7 over',
    ]);
  });

  it('does not overtake: the end of an alert arrives after the digest that told of it', async () => {
    const made = await lab({ messagesPerMinute: 1 });
    await made.fires('A');
    await made.fires('B');
    await made.fires('C');
    made.mailbox('chat').fails = new RetryFailure('CONNECTION_FAILED', 'away');
    await made.pass(2 * MINUTE);
    await made.ends('B');
    await made.pass(2 * MINUTE);
    made.mailbox('chat').fails = undefined;
    await made.pass(5 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'firing 2 alerts', 'resolved Over: B']);
  });
});
