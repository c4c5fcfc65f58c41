import { describe, expect, it } from 'vitest';
import type { Inhibition } from '../../index.js';
import { AlertLab, matcher } from '../../testing/alert-lab.js';
import { MINUTE } from '../../testing/engine-lab.js';

const RULE: Inhibition = {
  name: 'a host explains its services',
  sourceMatchers: [matcher('alertname=HostDown')],
  targetMatchers: [matcher('severity=~warning|info')],
  equal: ['host'],
};

async function lab(...inhibitions: readonly Inhibition[]) {
  const made = new AlertLab();
  await made.begin({ channels: [made.channel('chat')], inhibitions });
  return made;
}

describe('an alert that inhibits others', () => {
  it('keeps those quiet that agree in the labels, until it is over', async () => {
    const made = await lab(RULE);
    await made.fires('HostDown', { host: 'nas', severity: 'critical' });
    await made.fires('DiskFull', { host: 'nas', severity: 'warning' });
    await made.fires('Slow', { host: 'web', severity: 'warning' });
    await made.fires('Fire', { host: 'nas', severity: 'critical' });
    expect(made.told()).toEqual(['firing HostDown', 'firing Slow', 'firing Fire']);
    const source = made.firing('HostDown')!;
    expect(made.firing('DiskFull')?.suppression).toMatchObject({ kind: 'inhibition', by: source.id });
    expect(await made.why(made.firing('DiskFull')!.id)).toContain(
      "alert.suppressed: 'HostDown' fires and explains it (a host explains its services)",
    );
    await made.ends('HostDown');
    await made.pass(MINUTE);
    expect(made.told().slice(3)).toEqual(['resolved Over: HostDown', 'firing DiskFull']);
  });

  it('does so too when both begin at the same evaluation, in whatever order', async () => {
    const made = await lab(RULE);
    const alert = (name: string, severity: string) => ({
      labels: { alertname: name, host: 'nas', severity },
      annotations: {},
      phase: 'firing' as const,
      sinceMs: made.clock.now(),
    });
    made.rules.set('1', alert('DiskFull', 'warning'));
    made.rules.set('2', alert('HostDown', 'critical'));
    await made.evaluate();
    expect(made.told()).toEqual(['firing HostDown']);
  });

  it('still does when it is itself silenced', async () => {
    const made = await lab(RULE);
    await Promise.all([
      made.engine.alerts.silence(
        {
          matchers: [matcher('alertname=HostDown')],
          startsAtMs: made.clock.now(),
          endsAtMs: made.clock.now() + 60 * MINUTE,
          createdBy: 'Anna',
          comment: '',
        },
        { kind: 'user', id: 'anna', name: 'Anna', role: 'operator' },
      ),
      made.clock.advance(1),
    ]);
    await made.fires('HostDown', { host: 'nas' });
    await made.fires('DiskFull', { host: 'nas', severity: 'warning' });
    expect(made.told()).toEqual([]);
  });

  it('takes labels that both lack as equal', async () => {
    const made = await lab(RULE);
    await made.fires('HostDown');
    await made.fires('DiskFull', { severity: 'info' });
    expect(made.told()).toEqual(['firing HostDown']);
  });

  it('never keeps itself quiet, nor one that would keep it quiet in turn', async () => {
    const everything: Inhibition = {
      sourceMatchers: [matcher('alertname=~.+')],
      targetMatchers: [matcher('alertname=~.+')],
      equal: [],
    };
    const made = await lab(everything);
    await made.fires('A');
    await made.fires('B');
    expect(made.told()).toEqual(['firing A', 'firing B']);
  });

  it('holds back what was told already without telling it again, and the end is told', async () => {
    const made = await lab(RULE);
    await made.fires('DiskFull', { host: 'nas', severity: 'warning' });
    await made.fires('HostDown', { host: 'nas' });
    await made.pass(MINUTE);
    expect(made.firing('DiskFull')?.suppression?.kind).toBe('inhibition');
    await made.ends('DiskFull');
    expect(made.told()).toEqual(['firing DiskFull', 'firing HostDown', 'resolved Over: DiskFull']);
  });
});
