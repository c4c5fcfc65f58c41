import type { Labels, PushedAlert } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { AlertLab } from '../../testing/alert-lab.js';
import { HOUR, MINUTE, SECOND } from '../../testing/engine-lab.js';
import { countingStorage, unreliableStorage } from '../../testing/faulty-storage.js';

function pushed(name: string, more: Partial<PushedAlert> = {}, labels: Labels = {}): PushedAlert {
  return { labels: { alertname: name, ...labels }, annotations: { summary: name }, ...more };
}

async function push(made: AlertLab, ...alerts: readonly PushedAlert[]): Promise<void> {
  const taking = made.engine.alertsClient.push('alertmanager', alerts);
  taking.catch(() => undefined);
  await made.clock.advance(1);
  await taking;
}

async function lab(storage?: ReturnType<typeof countingStorage>['storage']) {
  const made = new AlertLab(storage ? { storage } : {});
  await made.begin();
  return made;
}

describe('an alert that is pushed in', () => {
  it('fires, and is over when its sender says so', async () => {
    const made = await lab();
    await push(made, pushed('A', { url: 'https://prometheus/graph', startsAtMs: made.clock.now() - HOUR }));
    expect(made.alert()).toMatchObject({ rule: 'A', state: 'firing', url: 'https://prometheus/graph' });
    await push(made, pushed('A', { endsAtMs: made.clock.now() }));
    expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
    expect(made.mailbox('chat').arrived[1]?.text).toBe('its sender says so');
  });

  it('is over when it was not sent again for five minutes', async () => {
    const made = await lab();
    await push(made, pushed('A'));
    await made.clock.advance(4 * MINUTE);
    await push(made, pushed('A'));
    await made.clock.advance(4 * MINUTE);
    expect(made.told()).toEqual(['firing A']);
    await made.clock.advance(2 * MINUTE);
    expect(made.told()).toEqual(['firing A', 'resolved Over: A']);
    expect(made.mailbox('chat').arrived[1]?.text).toBe('it was not sent again');
  });

  it('lasts until the end that it was given', async () => {
    const made = await lab();
    await push(made, pushed('A', { endsAtMs: made.clock.now() + HOUR }));
    await made.clock.advance(59 * MINUTE);
    expect(made.told()).toHaveLength(1);
    await made.clock.advance(2 * MINUTE);
    expect(made.told()).toHaveLength(2);
  });

  it('that was over before it came tells nobody anything', async () => {
    const made = await lab();
    const nowMs = made.clock.now();
    await push(made, pushed('A', { startsAtMs: nowMs - HOUR, endsAtMs: nowMs - MINUTE }));
    expect(made.told()).toEqual([]);
    expect((await made.engine.alerts.list()).total).toBe(0);
  });

  it('does not mix with the same labels by another way', async () => {
    const made = await lab();
    await push(made, pushed('A'));
    await Promise.all([made.engine.alerts.push('grafana', [pushed('A')]), made.clock.advance(1)]);
    expect(made.engine.alerts.firing()).toHaveLength(2);
  });

  it('is neither lost nor told twice by a restart, and its sender gets time to send it again', async () => {
    const made = await lab();
    await push(made, pushed('A'));
    const { id } = made.alert();
    await made.clock.advance(4 * MINUTE);
    const next = made.reborn();
    await next.clock.advance(10 * MINUTE);
    await next.begin();
    await next.clock.advance(4 * MINUTE);
    expect(next.alert().id).toBe(id);
    await next.clock.advance(2 * MINUTE);
    expect(next.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('that is sent again and again is not written again and again', async () => {
    const { storage, writes } = countingStorage();
    const made = await lab(storage);
    await push(made, pushed('A', { endsAtMs: made.clock.now() + 4 * MINUTE }));
    await made.clock.advance(MINUTE);
    const { transactions } = writes;
    for (let minute = 0; minute < 4; minute++) {
      await push(made, pushed('A', { endsAtMs: made.clock.now() + 4 * MINUTE }));
      await made.clock.advance(MINUTE);
    }
    expect(writes.transactions - transactions).toBeLessThanOrEqual(1);
    expect(made.told()).toEqual(['firing A']);
  });

  it('needs no name: without one its labels are its title', async () => {
    const made = await lab();
    await push(made, { labels: { foo: 'bar', node: 'nas' }, annotations: {} });
    expect(made.told()).toEqual(['firing foo=bar node=nas']);
    expect(made.alert()).toMatchObject({ labels: { foo: 'bar', node: 'nas' }, title: 'foo=bar node=nas' });
  });

  it('is told with its labels and annotations, without what is secret, and with its end', async () => {
    const made = await lab();
    made.redactor.protect('hunter2-hunter2');
    const alert = pushed('A', { url: 'https://prometheus/graph' }, { team: 'storage' });
    const runbook = { ...alert, annotations: { runbook_url: 'https://wiki/?key=hunter2-hunter2' } };
    await push(made, runbook);
    await push(made, { ...runbook, endsAtMs: made.clock.now() });
    const [begun, over] = made.mailbox('chat').arrived;
    const { id, fingerprint, labels } = (await made.engine.alerts.list()).items[0]!;
    expect(begun?.alerts).toMatchObject([
      {
        ...{ alertId: id, rule: 'A', state: 'firing', fingerprint, labels, url: 'https://prometheus/graph' },
        annotations: { runbook_url: expect.stringMatching(/^https:\/\/wiki\/\?key=(?!hunter2)/) },
      },
    ]);
    expect(labels).toMatchObject({ alertname: 'A', team: 'storage' });
    expect(over?.alerts).toMatchObject([{ alertId: id, state: 'resolved', labels, endsAtMs: over?.atMs }]);
  });

  it('is refused while the store is away, so that its sender tries again', async () => {
    const { storage, control } = unreliableStorage();
    const made = await lab(storage);
    control.isAway = true;
    await expect(push(made, pushed('A'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    control.isAway = false;
    await push(made, pushed('A'));
    expect(made.told()).toEqual(['firing A']);
  });

  it('with a fault is refused by its number, and the others are taken', async () => {
    const made = await lab();
    const faulty = [
      pushed('A'),
      pushed('B', {}, { 'not a name': 'x' }),
      pushed('C', { startsAtMs: 2, endsAtMs: 1 }),
      { labels: {}, annotations: {} },
    ];
    await expect(push(made, ...faulty)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(
        /^alerts\/1: 'not a name'.*; alerts\/2: .*; alerts\/3: it has no labels$/,
      ),
    });
    await made.clock.advance(SECOND);
    expect(made.told()).toEqual(['firing A']);
  });
});
