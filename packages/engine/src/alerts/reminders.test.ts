import { describe, expect, it } from 'vitest';
import { AlertLab, ANNA, matcher } from '../testing/alert-lab.js';
import { HOUR, MINUTE, SECOND } from '../testing/engine-lab.js';

const FIVE_MINUTES = 5 * MINUTE;

describe('an alert that goes on', () => {
  it('is told again after the interval of each channel, with what is true now', async () => {
    const made = new AlertLab();
    await made.begin({
      channels: [
        made.channel('chat', made.wishes({ repeatIntervalMs: HOUR })),
        made.channel('quiet', made.wishes({ repeatIntervalMs: 0 })),
      ],
    });
    await made.fires('A', {}, { annotations: { summary: 'A', description: '91 %' } });
    await made.pass(50 * MINUTE, FIVE_MINUTES);
    await made.fires('A', {}, { annotations: { summary: 'A', description: '97 %' } });
    await made.pass(11 * MINUTE, FIVE_MINUTES);
    expect(made.mailbox('chat').arrived.map(({ text }) => text)).toEqual([
      '91 %',
      expect.stringMatching(/^97 % It has been firing for 1h/),
    ]);
    expect(made.told('quiet')).toEqual(['firing A']);
    expect((await made.why(made.alert().id)).join('\n')).toContain(
      'alert.repeated: it has been firing for 1h',
    );
  });

  it('is not, while somebody looks after it or something holds it back', async () => {
    const made = new AlertLab();
    await made.begin({ channels: [made.channel('chat', made.wishes({ repeatIntervalMs: HOUR }))] });
    await made.fires('A');
    await made.fires('B');
    const nowMs = made.clock.now();
    await Promise.all([
      made.engine.alerts.acknowledge(made.firing('A')!.id, { by: ANNA, reason: '' }),
      made.engine.alerts.silence(
        {
          matchers: [matcher('alertname=B')],
          startsAtMs: nowMs,
          endsAtMs: nowMs + 3 * HOUR,
          createdBy: 'Anna',
          comment: '',
        },
        ANNA,
      ),
      made.clock.advance(SECOND),
    ]);
    await made.pass(2 * HOUR, FIVE_MINUTES);
    expect(made.told()).toEqual(['firing A', 'firing B', 'acknowledged Anna has seen: A']);
  });

  it('is repeated by its group as one message', async () => {
    const made = new AlertLab();
    const wishes = { groupBy: ['host'], groupWaitMs: 10 * SECOND, repeatIntervalMs: HOUR };
    await made.begin({ channels: [made.channel('chat', made.wishes(wishes))] });
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'nas' });
    await made.pass(70 * MINUTE, FIVE_MINUTES);
    expect(made.told()).toEqual(['firing 2 alerts: host=nas', 'firing 2 alerts: host=nas']);
  });

  it('is not repeated early by a restart', async () => {
    const made = new AlertLab();
    await made.begin({ channels: [made.channel('chat', made.wishes({ repeatIntervalMs: HOUR }))] });
    await made.fires('A');
    await made.pass(30 * MINUTE, FIVE_MINUTES);
    const next = made.reborn();
    await next.begin(made.plan);
    await next.pass(20 * MINUTE, FIVE_MINUTES);
    expect(next.told()).toEqual(['firing A']);
    await next.pass(15 * MINUTE, FIVE_MINUTES);
    expect(next.told()).toEqual(['firing A', 'firing A']);
  });
});

describe('an escalation', () => {
  async function lab() {
    const made = new AlertLab();
    await made.begin({
      channels: [
        made.channel('chat'),
        // It wants nothing by itself.
        made.channel('boss', { when: { severities: [], kinds: ['alert.firing', 'alert.resolved'] } }),
      ],
      escalations: [
        { name: 'boss', matchers: [matcher('severity=critical')], afterMs: 30 * MINUTE, channels: ['boss'] },
      ],
    });
    return made;
  }

  it('tells others when nobody has acknowledged in time, and they hear of the end too', async () => {
    const made = await lab();
    await made.fires('A', { severity: 'critical' });
    await made.fires('B', { severity: 'warning' });
    await made.pass(29 * MINUTE);
    expect(made.told('boss')).toEqual([]);
    await made.pass(2 * MINUTE);
    expect(made.told('boss')).toEqual(['firing A']);
    expect(made.mailbox('boss').arrived[0]?.text).toBe('A is wrong Nobody has acknowledged it for 30m.');
    expect((await made.why(made.firing('A')!.id)).join('\n')).toContain(
      "alert.escalated: nobody has acknowledged it for 30m: the escalation 'boss' tells boss",
    );
    await made.ends('A');
    expect(made.told('boss')).toEqual(['firing A', 'resolved Over: A']);
    expect(made.told('chat')).toEqual(['firing A', 'firing B', 'resolved Over: A']);
  });

  it('is repeated every four hours, over a restart too', async () => {
    const made = await lab();
    await made.fires('A', { severity: 'critical' });
    await made.pass(2 * HOUR, FIVE_MINUTES);
    const next = made.reborn();
    await next.begin(made.plan);
    await next.pass(2 * HOUR, FIVE_MINUTES);
    expect(next.told('boss')).toHaveLength(1);
    await next.pass(HOUR, FIVE_MINUTES);
    expect(next.told('boss')).toHaveLength(2);
  });

  it('does not happen when somebody acknowledges in time', async () => {
    const made = await lab();
    await made.fires('A', { severity: 'critical' });
    await made.pass(20 * MINUTE);
    await Promise.all([
      made.engine.alerts.acknowledge(made.alert().id, { by: ANNA, reason: '' }),
      made.clock.advance(SECOND),
    ]);
    await made.pass(2 * HOUR, FIVE_MINUTES);
    expect(made.told('boss')).toEqual([]);
  });

  it('counts from the end of a silence', async () => {
    const made = await lab();
    const nowMs = made.clock.now();
    await Promise.all([
      made.engine.alerts.silence(
        {
          matchers: [matcher('alertname=A')],
          startsAtMs: nowMs,
          endsAtMs: nowMs + HOUR,
          createdBy: 'Anna',
          comment: '',
        },
        ANNA,
      ),
      made.clock.advance(SECOND),
    ]);
    await made.fires('A', { severity: 'critical' });
    await made.pass(80 * MINUTE, FIVE_MINUTES);
    expect(made.told('boss')).toEqual([]);
    await made.pass(15 * MINUTE, FIVE_MINUTES);
    expect(made.told('boss')).toEqual(['firing A']);
  });
});

describe('an alert that comes and goes', () => {
  it('is not told again within five minutes of its end, unless it lasts', async () => {
    const made = new AlertLab();
    await made.begin();
    await made.fires('A');
    await made.ends('A');
    await made.fires('A');
    await made.pass(4 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
    await made.pass(2 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'resolved Over: A', 'firing A']);
    expect((await made.why(made.alert().id)).join('\n')).toContain(
      'nobody is told for now: people were told a moment ago that it is over',
    );
  });

  it('leaves nothing to tell when it does not last, over a restart too', async () => {
    const made = new AlertLab();
    await made.begin();
    await made.fires('A');
    await made.ends('A');
    await made.fires('A');
    const next = made.reborn();
    await next.begin();
    await next.ends('A');
    await next.pass(HOUR, FIVE_MINUTES);
    expect(next.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('often is one that flaps: it is told when it stays', async () => {
    const made = new AlertLab();
    await made.begin();
    for (let round = 0; round < 6; round++) {
      await made.fires('A');
      await made.ends('A');
      await made.clock.advance(MINUTE);
    }
    await made.fires('A');
    expect(made.alert().suppression).toMatchObject({ kind: 'flapping' });
    const { length } = made.told();
    await made.pass(4 * MINUTE);
    expect(made.told()).toHaveLength(length);
    await made.pass(2 * MINUTE);
    expect(made.told().slice(length)).toEqual(['firing A']);
    expect(made.alert().suppression).toBeUndefined();
  });
});
