import { SYSTEM_ACTOR } from '@labkeeper/core';
import { createScheduler } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { EngineLab, EVERY, HOUR, MINUTE, SECOND } from '../testing/engine-lab.js';
import { countingStorage } from '../testing/faulty-storage.js';

const ANNA = { kind: 'user', id: 'anna', name: 'Anna', role: 'operator' } as const;

describe('a check', () => {
  it('shows its last result at once, and its status when it is confirmed', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { displayName: 'Web site', dependsOn: ['server:nas'] })] });
    expect(lab.status('web')).toMatchObject({
      ...{
        id: 'web',
        displayName: 'Web site',
        contribution: 'puppet',
        entity: 'service:web',
        everyMs: EVERY,
      },
      ...{
        status: 'up',
        raw: 'up',
        message: 'HTTP 200',
        beats: 'u',
        failuresInARow: 0,
        paused: false,
        flapping: false,
      },
      dependsOn: ['server:nas'],
    });
    lab.puppet('web').is('down', 'refused', { latencyMs: 3, details: { port: 80 } });
    await lab.rounds(1);
    expect(lab.status('web')).toMatchObject({
      status: 'up',
      raw: 'down',
      message: 'refused',
      beats: 'ud',
      failuresInARow: 1,
      details: { port: 80 },
    });
    await lab.rounds(1);
    expect(lab.status('web')).toMatchObject({
      status: 'down',
      raw: 'down',
      beats: 'udd',
      sinceMs: lab.clock.now() - 10,
    });
    expect(lab.engine.checks.counts()).toEqual({ up: 0, degraded: 0, down: 1, unknown: 0, paused: 0 });
  });

  it('publishes every result, and each change of the status once, after it is stored', async () => {
    const lab = new EngineLab();
    const seen: unknown[] = [];
    lab.engine.events.on('verdict.changed', ({ check, from, to }) => {
      seen.push([from, to]);
      void lab.storage.records
        .collection<{ state: { status: string } }>({ name: 'check_states' })
        .get(check.id)
        .then((record) => seen.push(record?.value.state.status));
    });
    await lab.run({ checks: [lab.check('web')] });
    lab.puppet('web').is('down');
    await lab.rounds(3);
    expect(seen).toEqual([['unknown', 'up'], 'up', ['up', 'down'], 'down']);
    expect(lab.events('check.result')).toHaveLength(4);
  });

  it('keeps the last forty results as beats', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    await lab.rounds(50);
    lab.puppet('web').is('degraded');
    await lab.rounds(1);
    expect(lab.status('web').beats).toBe(`${'u'.repeat(39)}g`);
  });

  it('that throws is unknown, never down, and says why', async () => {
    const lab = new EngineLab();
    lab.puppet('web').says = new TypeError('oops');
    await lab.run({ checks: [lab.check('web')] });
    await lab.rounds(1);
    expect(lab.status('web')).toMatchObject({
      status: 'unknown',
      raw: 'unknown',
      message: 'the check itself failed: oops',
    });
    expect(lab.alert()).toMatchObject({
      type: 'service_unknown',
      severity: 'medium',
      title: 'web cannot be checked',
    });
    expect(lab.events('task.failed')).toMatchObject([{ id: 'check/web', reason: 'oops' }, {}]);
  });

  it.each([undefined, null, 'up', { status: 'fine' }])('that returns %j is unknown', async (nonsense) => {
    const lab = new EngineLab();
    lab.puppet('web').says = nonsense as never;
    await lab.run({ checks: [lab.check('web')] });
    expect(lab.status('web')).toMatchObject({
      raw: 'unknown',
      message: 'the check returned something that is no verdict',
    });
  });

  it('that outlives its deadline counts as down with TASK_TIMEOUT, and what it says later does not count', async () => {
    const lab = new EngineLab();
    lab.puppet('web').says = 'hang';
    await lab.run({ checks: [lab.check('web')] });
    await lab.clock.advance(5 * SECOND);
    const timedOut = {
      raw: 'down',
      message: 'no answer within 5s',
      details: { code: 'TASK_TIMEOUT' },
      beats: 'd',
    };
    expect(lab.status('web')).toMatchObject(timedOut);
    lab.puppet('web').letGo();
    await lab.clock.advance(SECOND);
    expect(lab.status('web')).toMatchObject(timedOut);
    await lab.rounds(1);
    await lab.clock.advance(5 * SECOND);
    expect(lab.status('web')).toMatchObject({ status: 'down', beats: 'dd' });
  });

  it('whose data stops coming is unknown after three intervals, and never green', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    lab.puppet('web').says = 'hang';
    await lab.clock.advance(EVERY + 5 * SECOND);
    expect(lab.status('web')).toMatchObject({ status: 'up', raw: 'down' });
    // The run never ends, so none follows.
    await lab.clock.advance(3 * EVERY + 15 * SECOND);
    expect(lab.status('web')).toMatchObject({ status: 'unknown', raw: 'unknown' });
    expect(lab.status('web').message).toMatch(
      /^no result since 2026-01-01T00:00:30Z: it should run every 30s$/,
    );
    expect(lab.alert()).toMatchObject({ title: 'web cannot be checked' });
    lab.puppet('web').is('up');
    lab.puppet('web').letGo();
    await lab.rounds(1);
    expect(lab.status('web').status).toBe('up');
    expect(lab.engine.alerts.firing()).toEqual([]);
  });

  it('is not unknown because the machine slept', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    await lab.clock.sleepMachine(8 * HOUR);
    expect(lab.events('verdict.changed').map(({ to }) => to)).toEqual(['up']);
    await lab.rounds(2);
    expect(lab.status('web').status).toBe('up');
    expect(lab.events('alert.changed')).toEqual([]);
  });

  it('runs at once when somebody asks, and the answer counts when it comes', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { failuresBeforeDown: 1 })] });
    lab.puppet('web').is('down');
    const status = await lab.engine.checks.runNow('web');
    expect(status).toMatchObject({ status: 'down' });
    expect(lab.alert()).toMatchObject({ title: 'web is down' });
    await expect(lab.engine.checks.runNow('nowhere')).rejects.toMatchObject({ code: 'TASK_UNKNOWN' });
  });

  it('writes nothing for a run that changes nothing', async () => {
    const { storage, writes } = countingStorage();
    const lab = new EngineLab({ storage });
    await lab.run({ checks: Array.from({ length: 50 }, (_, index) => lab.check(`web-${index}`)) });
    await lab.rounds(1);
    const before = writes.records;
    // Shorter than the five minutes after which it notes when entities were last seen.
    await lab.rounds(8);
    expect(writes.records).toBe(before);
    expect(lab.engine.stats().ingest.stored).toBeGreaterThan(50 * 2 * 8);
  });

  it('writes the first results of a thousand checks in a few transactions', async () => {
    const { storage, writes } = countingStorage();
    const lab = new EngineLab({ storage });
    const checks = Array.from({ length: 1_000 }, (_, index) =>
      lab.check(`web-${index}`, { plugin: `p${index % 4}` }),
    );
    await lab.run({ checks });
    expect(lab.engine.checks.counts().up).toBe(1_000);
    expect(writes.transactions).toBeLessThan(40);
  });

  it('is found by status, text and entity, page by page', async () => {
    const lab = new EngineLab();
    lab.puppet('b').is('down');
    const checks = ['a', 'b', 'c'].map((name) =>
      lab.check(name, { failuresBeforeDown: 1, displayName: `Site ${name.toUpperCase()}` }),
    );
    await lab.run({ checks: [...checks, lab.check('d', { paused: true, entity: 'server:nas' })] });
    const ids = (...args: Parameters<typeof lab.engine.checks.list>) =>
      lab.engine.checks.list(...args).items.map(({ id }) => id);
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(ids({ status: 'down' })).toEqual(['b']);
    expect(ids({ status: 'paused' })).toEqual(['d']);
    expect(ids({ text: 'site c' })).toEqual(['c']);
    expect(ids({ entity: 'server:nas' })).toEqual(['d']);
    const first = lab.engine.checks.list({}, { limit: 3 });
    expect(first).toMatchObject({ total: 4, items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
    expect(ids({}, { limit: 3, cursor: first.nextCursor })).toEqual(['d']);
    expect(() => lab.engine.checks.list({}, { cursor: 'nonsense' })).toThrow(/cursor/);
  });
});

describe('this machine being too busy', () => {
  it('is never told as a target that is down', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { failuresBeforeDown: 1 })] });
    lab.puppet('web').says = 'hang';
    // Half of every second the event loop is blocked: timers ring late, and so do answers.
    for (let second = 0; second < 60; second++) {
      await lab.clock.advance(500);
      await lab.clock.sleepMachine(500);
    }
    expect(lab.events('check.result').map(({ check }) => check.raw)).not.toContain('down');
    expect(lab.status('web').message).toMatch(
      /this machine was too busy for \d+ of \d+ ms.*no answer within 5s/,
    );
    expect(lab.events('alert.changed').map(({ alert }) => alert.type)).not.toContain('service_down');
  });

  it('takes nothing from a refusal that came at once', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { failuresBeforeDown: 1 })] });
    lab.puppet('web').is('down', 'connection refused');
    for (let second = 0; second < 40; second++) {
      await lab.clock.advance(500);
      await lab.clock.sleepMachine(500);
    }
    expect(lab.status('web')).toMatchObject({ status: 'down', message: 'connection refused' });
  });
});

describe('a paused check', () => {
  it('does not run, and its alert is closed and told', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')], channels: [lab.channel('slack')] });
    lab.puppet('web').is('down');
    await lab.rounds(2);
    expect(await lab.engine.checks.pause('web', ANNA)).toMatchObject({ paused: true, status: 'unknown' });
    const { runs } = lab.puppet('web');
    await lab.rounds(20);
    expect(lab.puppet('web').runs).toBe(runs);
    expect(lab.engine.alerts.firing()).toEqual([]);
    expect(lab.mailbox('slack').arrived.at(-1)).toMatchObject({
      kind: 'alert.resolved',
      title: 'web is no longer checked',
      text: 'paused by Anna',
    });
    expect(lab.engine.checks.counts()).toMatchObject({ paused: 1, unknown: 0 });
  });

  it('stays paused over a restart and a reload, until somebody resumes it', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    await lab.engine.checks.pause('web', ANNA);
    const next = lab.reborn();
    await next.run({ checks: [next.check('web')] });
    await next.rounds(3);
    expect(next.puppet('web').runs).toBe(1);
    await next.run({ checks: [next.check('web', { digest: 'two' })] });
    await next.rounds(1);
    expect(next.status('web').paused).toBe(true);
    expect(await next.engine.checks.resume('web', ANNA)).toMatchObject({ paused: false });
    await next.rounds(1);
    expect(next.status('web')).toMatchObject({ status: 'up', paused: false });
  });

  it('follows the file again when the file says something new', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { paused: true })] });
    expect(lab.puppet('web').runs).toBe(0);
    await lab.engine.checks.resume('web', SYSTEM_ACTOR);
    await lab.rounds(1);
    expect(lab.puppet('web').runs).toBeGreaterThan(0);
    await lab.run({ checks: [lab.check('web', { paused: false, digest: 'two' })] });
    await lab.run({ checks: [lab.check('web', { paused: true, digest: 'three' })] });
    expect(lab.status('web').paused).toBe(true);
  });

  it('can be run by hand, which has no consequences', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web', { paused: true, failuresBeforeDown: 1 })] });
    lab.puppet('web').is('down', 'refused');
    expect(await lab.engine.checks.runNow('web')).toMatchObject({
      status: 'unknown',
      raw: 'down',
      message: 'refused',
    });
    expect(lab.engine.alerts.firing()).toEqual([]);
  });
});

describe('a restart', () => {
  it('in order shows at once what was known, if that is young enough', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    await lab.rounds(4);
    const stopping = lab.engine.stop();
    await lab.clock.advance(5 * SECOND);
    await stopping;
    const next = lab.reborn();
    lab.puppet('web').says = 'hang';
    await next.run({ checks: [next.check('web')] });
    expect(next.status('web')).toMatchObject({ status: 'up', message: 'HTTP 200', beats: 'uuuuu' });
  });

  it('after a crash or a long pause shows unknown until there is a result, and changes nothing by that', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('web')] });
    await lab.clock.advance(HOUR);
    const next = lab.reborn();
    await next.engine.start();
    await next.engine.apply({
      ...next.plan,
      checks: [next.check('web', { trigger: { kind: 'interval', everyMs: EVERY, phase: 'spread' } })],
    });
    expect(next.status('web').status).toBe('unknown');
    await next.rounds(1);
    expect(next.status('web').status).toBe('up');
    expect(next.events('verdict.changed')).toEqual([]);
  });

  it('lists a thousand checks before a single one has run', async () => {
    const lab = new EngineLab();
    const names = Array.from({ length: 1_000 }, (_, index) => `web-${index}`);
    await lab.run({ checks: names.map((name) => lab.check(name)) });
    const next = lab.reborn();
    const spread = { trigger: { kind: 'interval', everyMs: HOUR, phase: 'spread' } } as const;
    await next.engine.start();
    await next.engine.apply({ ...next.plan, checks: names.map((name) => next.check(name, spread)) });
    expect(next.engine.checks.list({}, { limit: 1_000 }).items).toHaveLength(1_000);
    expect(next.events('check.result')).toEqual([]);
  });
});

describe('a cron check', () => {
  it('falls silent by the distance of its own times', async () => {
    const lab = new EngineLab();
    const trigger = { kind: 'cron', expression: '*/5 * * * *' } as const;
    await lab.run({ checks: [lab.check('web', { trigger })] });
    await lab.clock.advance(5 * MINUTE);
    expect(lab.status('web')).toMatchObject({ status: 'up' });
    expect(lab.status('web').everyMs).toBeUndefined();
    lab.puppet('web').says = 'hang';
    await lab.clock.advance(14 * MINUTE);
    expect(lab.status('web').status).toBe('up');
    await lab.clock.advance(8 * MINUTE);
    expect(lab.status('web').status).toBe('unknown');
  });
});

describe('a scheduler of somebody else', () => {
  it('is used when it is given', async () => {
    const lab = new EngineLab();
    const scheduler = createScheduler({
      clock: lab.clock,
      log: { ...console, child: () => console } as never,
    });
    const other = new EngineLab({ clock: lab.clock, scheduler });
    await other.run({ checks: [other.check('web')] });
    expect(scheduler.get('check/web')?.stats().runs).toBe(1);
  });
});
