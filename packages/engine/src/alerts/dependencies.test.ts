import { describe, expect, it } from 'vitest';
import { AlertLab } from '../testing/alert-lab.js';
import { EngineLab, EVERY, HOUR, MINUTE, SECOND } from '../testing/engine-lab.js';

/** `web` needs `server:nas`, which is part of `network:switch`. The check of the parent runs once an hour by itself. */
async function familyLab(options: { parentFailures?: number } = {}) {
  const lab = new EngineLab();
  const rarely = { trigger: { kind: 'interval', everyMs: HOUR, phase: 'now' } } as const;
  await lab.run({
    entities: [{ id: 'server:nas', parent: 'network:switch' }],
    checks: [
      lab.check('web', { dependsOn: ['server:nas'] }),
      lab.check('switch', {
        entity: 'network:switch',
        severity: 'critical',
        failuresBeforeDown: options.parentFailures ?? 2,
        ...rarely,
      }),
    ],
    channels: [lab.channel('slack')],
  });
  return lab;
}

async function reasons(lab: EngineLab, alertId: string) {
  const { items } = await lab.engine.journal.ofAlert(alertId);
  return items.map(({ kind, reason }) => `${kind}: ${reason}`);
}

const alertOf = (lab: EngineLab, check: string) =>
  lab.engine.alerts.firing().find(({ labels }) => labels.check === check);

describe('a parent that is down', () => {
  it('is asked before the child is told of, and then only the parent is told of', async () => {
    const lab = await familyLab();
    lab.puppet('web').is('down', 'timeout');
    lab.puppet('switch').is('down', 'no ping');
    const { runs } = lab.puppet('switch');
    await lab.rounds(2);
    await lab.clock.advance(5 * SECOND);
    expect(lab.puppet('switch').runs).toBe(runs + 2);
    expect(lab.mailbox('slack').titles()).toEqual(['switch is down']);
    expect(alertOf(lab, 'web')).toMatchObject({
      state: 'firing',
      suppression: { kind: 'dependency', by: 'network:switch' },
    });
    expect(alertOf(lab, 'web')?.notifiedAtMs).toBeUndefined();
    expect(lab.status('web')).toMatchObject({ status: 'down', suppressedBy: 'network:switch' });
    expect(lab.engine.alerts.counts().suppressed).toBe(1);
    expect(await reasons(lab, alertOf(lab, 'web')!.id)).toEqual([
      'alert.pending: web is down: its condition is true, and has to stay so for it to count',
      'alert.firing: web is down: timeout (2 of 2 tries failed)',
      'alert.suppressed: network:switch is down',
      'notification.skipped: nobody is told: network:switch is down',
    ]);
  });

  it('never stops the checks of its dependents', async () => {
    const lab = await familyLab();
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(3);
    const { runs } = lab.puppet('web');
    await lab.rounds(10);
    expect(lab.puppet('web').runs).toBe(runs + 10);
  });

  it('never stops a dependent from being resolved, silently when nobody was told of it', async () => {
    const lab = await familyLab();
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(3);
    const { id } = alertOf(lab, 'web')!;
    lab.puppet('web').is('up');
    await lab.rounds(1);
    expect(await lab.engine.alerts.get(id)).toMatchObject({ state: 'resolved' });
    expect(lab.mailbox('slack').titles()).toEqual(['switch is down']);
    expect((await reasons(lab, id)).at(-1)).toContain('nobody was told that it began');
  });

  it('does not take back what was told before it went down: its end is told too', async () => {
    const lab = await familyLab({ parentFailures: 1 });
    lab.puppet('web').is('down');
    await lab.rounds(2);
    expect(lab.mailbox('slack').titles()).toEqual(['web is down']);
    lab.puppet('switch').is('down');
    await lab.engine.checks.runNow('switch');
    lab.puppet('web').is('up');
    await lab.rounds(1);
    expect(lab.mailbox('slack').titles()).toEqual(['web is down', 'switch is down', 'web is up again']);
  });

  it('and is back: a dependent that is still down after a fresh result is told of then', async () => {
    const lab = await familyLab({ parentFailures: 1 });
    lab.puppet('web').is('down', 'timeout');
    lab.puppet('switch').is('down');
    await lab.rounds(2);
    await lab.clock.advance(SECOND);
    const { runs } = lab.puppet('web');
    lab.puppet('switch').is('up');
    await lab.engine.checks.runNow('switch');
    await lab.clock.advance(SECOND);
    expect(lab.puppet('web').runs).toBe(runs + 1);
    expect(lab.mailbox('slack').titles()).toEqual(['switch is down', 'switch is up again', 'web is down']);
    expect(alertOf(lab, 'web')?.suppression).toBeUndefined();
    expect(await reasons(lab, alertOf(lab, 'web')!.id)).toContain(
      'alert.unsuppressed: network:switch is no longer down, and this still is',
    );
  });

  it('and is back: a dependent that is back too was never news', async () => {
    const lab = await familyLab({ parentFailures: 1 });
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(2);
    await lab.clock.advance(SECOND);
    lab.puppet('web').is('up');
    lab.puppet('switch').is('up');
    await lab.engine.checks.runNow('switch');
    await lab.rounds(2);
    expect(lab.mailbox('slack').titles()).toEqual(['switch is down', 'switch is up again']);
  });

  it('is not told from a result that the child got before the parent was back', async () => {
    const lab = await familyLab({ parentFailures: 1 });
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(2);
    await lab.clock.advance(SECOND);
    // The child's check hangs in a run that began while the parent was down.
    lab.puppet('web').says = 'hang';
    await lab.clock.advance(EVERY);
    lab.puppet('switch').is('up');
    await lab.engine.checks.runNow('switch');
    await lab.clock.advance(5 * SECOND);
    expect(lab.status('web').raw).toBe('down');
    expect(lab.mailbox('slack').titles()).toEqual(['switch is down', 'switch is up again']);
    lab.puppet('web').is('down');
    lab.puppet('web').letGo();
    await lab.clock.advance(SECOND);
    expect(lab.mailbox('slack').titles()).toEqual(['switch is down', 'switch is up again', 'web is down']);
  });

  it('still suppresses after a restart, and releases after it', async () => {
    const lab = await familyLab({ parentFailures: 1 });
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(2);
    await lab.clock.advance(SECOND);
    const next = lab.reborn();
    await next.run(lab.plan);
    await next.rounds(3);
    expect(next.mailbox('slack').titles()).toEqual(['switch is down']);
    next.puppet('switch').is('up');
    await next.engine.checks.runNow('switch');
    await next.clock.advance(SECOND);
    expect(next.mailbox('slack').titles()).toEqual(['switch is down', 'switch is up again', 'web is down']);
  });

  it('that is taken out of the plan releases its dependents', async () => {
    const lab = await familyLab({ parentFailures: 1 });
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(2);
    await lab.clock.advance(SECOND);
    await lab.run({ ...lab.plan, checks: lab.plan.checks.filter(({ name }) => name === 'web') });
    await lab.rounds(1);
    expect(lab.mailbox('slack').titles()).toContain('web is down');
  });
});

describe('a parent that is well', () => {
  it('is asked once and then the child is told of', async () => {
    const lab = await familyLab();
    lab.puppet('web').is('down');
    const { runs } = lab.puppet('switch');
    await lab.rounds(2);
    expect(lab.puppet('switch').runs).toBe(runs + 1);
    expect(lab.mailbox('slack').titles()).toEqual(['web is down']);
    await lab.rounds(10);
    expect(lab.puppet('switch').runs).toBe(runs + 1);
  });

  it('and lost a single packet is asked again before anything is decided', async () => {
    const lab = await familyLab();
    lab.puppet('web').is('down');
    lab.puppet('switch').is('down');
    await lab.rounds(2);
    expect(lab.mailbox('slack').titles()).toEqual([]);
    lab.puppet('switch').is('up');
    await lab.clock.advance(3 * SECOND);
    expect(lab.mailbox('slack').titles()).toEqual(['web is down']);
  });

  it('but does not answer for long holds nothing up for ever', async () => {
    const lab = await familyLab();
    lab.puppet('web').is('down');
    lab.puppet('switch').says = 'hang';
    await lab.rounds(2);
    await lab.clock.advance(2 * MINUTE);
    expect(lab.mailbox('slack').titles()).toContain('web is down');
  });
});

describe('dependencies', () => {
  it('in a circle end by themselves, and hold back each other', async () => {
    const lab = new EngineLab();
    await lab.run({
      checks: [
        lab.check('a', { entity: 'server:a', dependsOn: ['server:b'], failuresBeforeDown: 1 }),
        lab.check('b', { entity: 'server:b', dependsOn: ['server:a'], failuresBeforeDown: 1 }),
      ],
      channels: [lab.channel('slack')],
    });
    lab.puppet('a').is('down');
    await lab.rounds(1);
    expect(lab.mailbox('slack').titles()).toEqual(['a is down']);
    expect(lab.engine.entities.dependentsOf('server:a')).toEqual(['server:b']);
  });

  it('reach over entities without checks of their own', async () => {
    const lab = new EngineLab();
    await lab.run({
      entities: [
        { id: 'container:plex', parent: 'vm:media' },
        { id: 'vm:media', dependsOn: ['server:pve'] },
      ],
      checks: [lab.check('plex', { entity: 'container:plex' }), lab.check('pve', { entity: 'server:pve' })],
    });
    expect(lab.engine.entities.dependentsOf('server:pve')).toEqual(['container:plex', 'vm:media']);
  });
});

describe('an alert of a rule about something whose parent is down', () => {
  async function lab() {
    const made = new AlertLab();
    await made.begin({
      entities: [{ id: 'vm:a', parent: 'server:pve' }],
      checks: [made.check('pve', { entity: 'server:pve', failuresBeforeDown: 1 })],
      channels: [made.channel('chat')],
    });
    made.puppet('pve').is('down');
    await made.engine.checks.runNow('pve');
    await made.fires('Backup', { entity: 'vm:a' });
    return made;
  }

  it('is held back, and told when it is still there at the next evaluation after the parent is back', async () => {
    const made = await lab();
    expect(made.firing('Backup')?.suppression).toMatchObject({ kind: 'dependency', by: 'server:pve' });
    expect(made.told()).toEqual(['firing pve is down']);
    made.puppet('pve').is('up');
    await made.engine.checks.runNow('pve');
    await made.clock.advance(10 * SECOND);
    expect(made.told()).toEqual(['firing pve is down', 'resolved pve is up again']);
    await made.evaluate();
    await made.clock.advance(5 * SECOND);
    expect(made.told().slice(2)).toEqual(['firing Backup']);
  });

  it('and that is over when the parent is back was never news', async () => {
    const made = await lab();
    made.puppet('pve').is('up');
    await made.engine.checks.runNow('pve');
    await made.ends('Backup');
    await made.pass(5 * MINUTE);
    expect(made.told()).toEqual(['firing pve is down', 'resolved pve is up again']);
  });
});
