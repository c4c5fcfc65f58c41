import { ManualClock } from '@labkeeper/core/runtime';
import { describe, expect, it } from 'vitest';
import { EngineLab, HOUR, SECOND } from '../testing/engine-lab.js';
import { Lateness } from './lateness.js';
import { KEPT_MS } from './retention.js';

const DAY = 24 * HOUR;

describe('the engine’s own metrics', () => {
  it('say what ran, what was stored, what waits and what was told', async () => {
    const lab = new EngineLab();
    lab.puppet('b').is('down');
    lab.mailbox('slack').fails = 'hang';
    await lab.run({ checks: [lab.check('a'), lab.check('b')], channels: [lab.channel('slack')] });
    await lab.rounds(1);
    await lab.clock.advance(2 * SECOND);
    const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
      lab.engine
        .metrics()
        .find((family) => family.name === name)
        ?.samples.find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))
        ?.value;
    expect(value('labkeeper_check_runs_total', { kind: 'puppet', status: 'up' })).toBe(2);
    expect(value('labkeeper_check_runs_total', { kind: 'puppet', status: 'down' })).toBe(2);
    expect(value('labkeeper_checks', { status: 'down' })).toBe(1);
    expect(value('labkeeper_alerts_firing', { severity: 'high' })).toBe(1);
    expect(value('labkeeper_alerts', { state: 'firing' })).toBe(1);
    expect(value('labkeeper_alerts', { state: 'pending' })).toBe(0);
    expect(value('labkeeper_alerts_suppressed', { by: 'silence' })).toBe(0);
    expect(value('labkeeper_silences', { state: 'active' })).toBe(0);
    expect(value('labkeeper_notification_decisions_total', { decision: 'queued' })).toBe(1);
    expect(value('labkeeper_outbox_pending', { channel: 'slack' })).toBe(1);
    expect(value('labkeeper_ingest_samples_total')).toBe(8);
    expect(value('labkeeper_task_lateness_seconds', { le: '+Inf' })).toBe(4);
  });

  it('have names, types and help that Prometheus accepts, each once', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('a')] });
    const families = lab.engine.metrics();
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
    for (const { name, type, help } of families) {
      expect(name).toMatch(/^labkeeper_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(help).toMatch(/\.$/);
    }
  });

  it('are summed up for the dashboard', async () => {
    const lab = new EngineLab();
    await lab.run({ checks: [lab.check('a'), lab.check('b', { paused: true })] });
    expect(lab.engine.stats()).toMatchObject({
      checks: { total: 2, up: 1, paused: 1 },
      // Two checks and the clean-up.
      scheduler: { tasks: 3, running: 0, runs: 1, missed: 0, latenessP99Ms: expect.any(Number) },
      outbox: { pending: 0, dead: 0 },
      entities: 2,
    });
  });
});

describe('lateness', () => {
  it('shows the ninety-ninth percentile of the last minutes, not of all time', async () => {
    const clock = new ManualClock();
    const lateness = new Lateness(clock);
    expect(lateness.p99Ms()).toBe(0);
    for (let run = 0; run < 1_000; run++) lateness.add(run < 980 ? 1 : 400);
    expect(lateness.p99Ms()).toBeGreaterThan(250);
    expect(lateness.p99Ms()).toBeLessThanOrEqual(500);
    await clock.advance(200 * SECOND);
    expect(lateness.p99Ms()).toBeGreaterThan(250);
    await clock.advance(200 * SECOND);
    expect(lateness.p99Ms()).toBe(0);
    expect(lateness.samples().find(({ suffix }) => suffix === '_count')?.value).toBe(1_000);
  });
});

describe('the clean-up', () => {
  it('removes what is too old and keeps the rest', async () => {
    const lab = new EngineLab();
    await lab.run({
      checks: [
        lab.check('web', {
          trigger: { kind: 'interval', everyMs: 12 * HOUR, phase: 'now' },
          failuresBeforeDown: 1,
        }),
      ],
    });
    const toggle = async (status: 'up' | 'down') => {
      lab.puppet('web').is(status);
      await lab.engine.checks.runNow('web');
    };
    await toggle('down');
    await toggle('up');
    await lab.engine.ingest.flush();
    const later = async (ms: number) => {
      await lab.clock.sleepMachine(ms);
      await lab.clock.advance(2 * HOUR);
    };
    await later(KEPT_MS.alerts - 2 * DAY);
    expect((await lab.engine.alerts.list()).total).toBe(1);
    expect((await lab.engine.journal.recent()).total).toBeGreaterThan(0);
    await later(4 * DAY);
    expect((await lab.engine.alerts.list()).total).toBe(0);
    expect((await lab.engine.journal.recent()).total).toBe(0);
  });
});
