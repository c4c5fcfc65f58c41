import type { SilenceRequest } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { AlertLab, ANNA, matcher } from '../../testing/alert-lab.js';
import { HOUR, MINUTE, SECOND } from '../../testing/engine-lab.js';

const DAY = 24 * HOUR;

async function lab() {
  const made = new AlertLab();
  await made.begin();
  return made;
}

function request(made: AlertLab, more: Partial<SilenceRequest> = {}): SilenceRequest {
  const nowMs = made.clock.now();
  return {
    matchers: [matcher('alertname=A')],
    startsAtMs: nowMs,
    endsAtMs: nowMs + HOUR,
    createdBy: 'Anna',
    comment: 'new disk',
    ...more,
  };
}

async function silence(made: AlertLab, more: Partial<SilenceRequest> = {}) {
  const silenced = made.engine.alerts.silence(request(made, more), ANNA);
  await made.clock.advance(1);
  return silenced;
}

describe('a silence', () => {
  it('keeps an alert quiet, which is seen all the same, and lifts by itself', async () => {
    const made = await lab();
    const { id } = await silence(made);
    await made.fires('A');
    expect(made.alert()).toMatchObject({ state: 'firing', suppression: { kind: 'silence', by: id } });
    expect(made.engine.alerts.suppressions()).toMatchObject({ silence: 1 });
    expect(made.told()).toEqual([]);
    await made.pass(59 * MINUTE);
    expect(made.told()).toEqual([]);
    await made.pass(2 * MINUTE);
    expect(made.told()).toEqual(['firing A']);
    expect(made.alert().suppression).toBeUndefined();
    expect(await made.why(made.alert().id)).toEqual([
      'alert.firing: A: A is wrong',
      'alert.suppressed: silenced by Anna: new disk',
      'notification.skipped: nobody is told: silenced by Anna: new disk',
      'alert.unsuppressed: the silence has ended, and this still fires',
      'notification.queued: alert.firing goes to chat',
      'notification.delivered: delivered',
    ]);
  });

  it('that comes after people were told does not take their news of the end', async () => {
    const made = await lab();
    await made.fires('A');
    await silence(made);
    expect(made.alert().suppression?.kind).toBe('silence');
    await made.ends('A');
    expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('that ends tells nobody twice who knows already', async () => {
    const made = await lab();
    await made.fires('A');
    await silence(made);
    await made.pass(2 * HOUR);
    expect(made.alert().suppression).toBeUndefined();
    expect(made.told()).toEqual(['firing A']);
  });

  it('leaves nothing to tell of what came and went under it', async () => {
    const made = await lab();
    await silence(made);
    await made.fires('A');
    await made.ends('A');
    await made.pass(2 * HOUR);
    expect(made.told()).toEqual([]);
  });

  it('covers only what all its matchers match, whole values, also by expression', async () => {
    const made = await lab();
    await silence(made, { matchers: [matcher('alertname=~A|B'), matcher('host!=web')] });
    await made.fires('A', { host: 'nas' });
    await made.fires('B', { host: 'web' });
    await made.fires('AB', { host: 'nas' });
    expect(made.told()).toEqual(['firing B', 'firing AB']);
  });

  it('can be ended by hand, and then what it held back is told', async () => {
    const made = await lab();
    const { id } = await silence(made);
    await made.fires('A');
    const ending = made.engine.alerts.expireSilence(id, ANNA);
    await made.clock.advance(SECOND);
    await ending;
    expect(made.told()).toEqual(['firing A']);
    await made.engine.alerts.expireSilence(id, ANNA);
    await expect(made.engine.alerts.expireSilence('none', ANNA)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('may last until an alert is over', async () => {
    const made = await lab();
    await made.fires('A');
    const { id } = made.alert();
    const made2 = await silence(made, {
      endsAtMs: undefined,
      untilResolved: id,
      matchers: [matcher('alertname=~.+')],
    });
    await made.fires('B');
    expect(made.told()).toEqual(['firing A']);
    await made.ends('A');
    expect(made.engine.alerts.silences()).toMatchObject([{ id: made2.id, endsAtMs: made.clock.now() - 1 }]);
    await made.pass(MINUTE);
    expect(made.told()).toEqual(['firing A', 'resolved Over: A', 'firing B']);
  });

  it('is still there after a restart, and lifts after it', async () => {
    const made = await lab();
    await silence(made);
    await made.fires('A');
    const next = made.reborn();
    await next.begin();
    await next.pass(30 * MINUTE);
    expect(next.told()).toEqual([]);
    await next.pass(31 * MINUTE);
    expect(next.told()).toEqual(['firing A']);
  });

  it('that ended while nothing ran is told of only when the alert has been seen again', async () => {
    const made = await lab();
    await silence(made);
    await made.fires('A');
    made.rules.delete('A');
    const next = made.reborn();
    await next.clock.advance(2 * HOUR);
    await next.run({ channels: [next.channel('chat')] });
    await next.clock.advance(10 * MINUTE);
    expect(next.told()).toEqual([]);
    await next.evaluate();
    expect(next.told()).toEqual([]);
    expect(next.engine.alerts.firing()).toEqual([]);
  });

  it('is listed for five days after its end, and then forgotten', async () => {
    const made = await lab();
    const { id } = await silence(made);
    await made.clock.sleepMachine(HOUR + 4 * DAY);
    expect(made.engine.alerts.silences()).toMatchObject([{ id }]);
    await made.clock.sleepMachine(DAY + 2 * HOUR);
    expect(made.engine.alerts.silences()).toEqual([]);
    const next = made.reborn();
    await next.begin();
    expect(next.engine.alerts.silences()).toEqual([]);
  });

  it('has an id that Alertmanager’s tools take, and leaves a row with who wanted it', async () => {
    const made = await lab();
    const { id } = await silence(made);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { items } = await made.engine.journal.recent();
    expect(items).toMatchObject([{ kind: 'silence.created', actor: { name: 'Anna' } }]);
    expect(items[0]?.reason).toContain('alertname="A"');
  });
});

describe('changing a silence', () => {
  it('keeps its id while only its end changes', async () => {
    const made = await lab();
    const known = await silence(made);
    const changed = await silence(made, {
      id: known.id,
      startsAtMs: known.startsAtMs,
      endsAtMs: known.endsAtMs! + HOUR,
    });
    expect(changed.id).toBe(known.id);
    expect(made.engine.alerts.silences()).toHaveLength(1);
  });

  it('with other matchers ends it and makes a new one', async () => {
    const made = await lab();
    const known = await silence(made);
    const changed = await silence(made, { id: known.id, matchers: [matcher('alertname=B')] });
    expect(changed.id).not.toBe(known.id);
    const states = made.engine.alerts
      .silences()
      .map(({ id, endsAtMs }) => [id, endsAtMs! <= made.clock.now()]);
    expect(new Map(states as [string, boolean][])).toEqual(
      new Map([
        [changed.id, false],
        [known.id, true],
      ]),
    );
  });

  it('that has expired makes a new one and leaves it', async () => {
    const made = await lab();
    const known = await silence(made);
    await made.clock.advance(2 * HOUR);
    const changed = await silence(made, { id: known.id });
    expect(changed.id).not.toBe(known.id);
    expect(made.engine.alerts.silences().find(({ id }) => id === known.id)).toEqual(known);
  });

  it('that nobody knows is refused', async () => {
    const made = await lab();
    await expect(silence(made, { id: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['without matchers', { matchers: [] }, 'matchers'],
    ['for everything', { matchers: [matcher('alertname=~.*')] }, 'matchers'],
    ['with a broken expression', { matchers: [matcher('alertname=~(')] }, 'matchers'],
    ['that ends before it begins', { startsAtMs: Number.MAX_SAFE_INTEGER }, 'endsAtMs'],
    ['that has ended already', { startsAtMs: 0, endsAtMs: 1 }, 'endsAtMs'],
    ['without an end', { endsAtMs: undefined }, 'endsAtMs'],
    ['until an alert is over that does not fire', { untilResolved: 'none' }, 'untilResolved'],
  ])('%s is refused', async (_, more, field) => {
    const made = await lab();
    await expect(silence(made, more as Partial<SilenceRequest>)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      field,
    });
    expect(made.engine.alerts.silences()).toEqual([]);
  });
});
