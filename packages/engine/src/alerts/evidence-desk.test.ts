import type { Evidence } from '@labkeeper/core';
import { describe, expect, it } from 'vitest';
import { AlertLab } from '../testing/alert-lab.js';
import { SECOND } from '../testing/engine-lab.js';

const ASKS = { annotations: { summary: 'A', evidence_query: 'topk(3, process_memory_bytes)' } };

describe('evidence', () => {
  it('is kept with the alert that asks for it, and delays no message', async () => {
    const found: Evidence[] = [{ name: 'processes', atMs: 1, text: 'java 3 GB' }];
    let answer: () => void = () => undefined;
    const lab = new AlertLab({
      evidence: (alert) =>
        new Promise((resolve) => {
          expect(alert.rule).toBe('A');
          answer = () => resolve(found);
        }),
    });
    await lab.begin();
    await lab.fires('A', {}, ASKS);
    expect(lab.told()).toEqual(['firing A']);
    answer();
    await lab.clock.advance(SECOND);
    expect(lab.alert().evidence).toEqual(found);
    expect(await lab.why(lab.alert().id)).toContain('alert.evidence: kept with it: processes');
    const next = lab.reborn();
    await next.begin();
    expect(next.alert().evidence).toEqual(found);
  });

  it('is not looked up for alerts that ask for none', async () => {
    let calls = 0;
    const lab = new AlertLab({ evidence: async () => Array.from({ length: calls++ }) });
    await lab.begin();
    await lab.fires('A');
    expect(calls).toBe(0);
  });

  it('is not looked up for alerts that are pushed in, whatever they ask for', async () => {
    let calls = 0;
    const lab = new AlertLab({ evidence: async () => Array.from({ length: calls++ }) });
    await lab.begin();
    const alert = { labels: { alertname: 'A' }, annotations: { evidence_collector: 'ssh' } };
    await Promise.all([lab.engine.alerts.push('webhook', [alert]), lab.clock.advance(SECOND)]);
    expect(lab.told()).toEqual(['firing A']);
    expect(calls).toBe(0);
  });

  it('that does not come, or cannot be found, leaves the reason', async () => {
    const lab = new AlertLab({
      evidence: ({ rule }) =>
        rule === 'A' ? new Promise(() => undefined) : Promise.reject(new Error('no such collector')),
    });
    await lab.begin();
    await lab.fires('A', {}, ASKS);
    await lab.fires('B', {}, ASKS);
    await lab.clock.advance(6 * SECOND);
    expect(await lab.why(lab.firing('A')!.id)).toContain(
      'alert.evidence: what it asks for did not come within 5 s',
    );
    expect(await lab.why(lab.firing('B')!.id)).toContain(
      'alert.evidence: what it asks for could not be found: no such collector',
    );
    expect(lab.firing('A')?.evidence).toBeUndefined();
  });

  it('shows no secret', async () => {
    const lab = new AlertLab({
      evidence: async () => [{ name: 'env', atMs: 1, text: 'TOKEN=hunter2-hunter2' }],
    });
    lab.redactor.protect('hunter2-hunter2');
    await lab.begin();
    await lab.fires('A', {}, ASKS);
    await lab.clock.advance(SECOND);
    expect(lab.alert().evidence?.[0]?.text).not.toContain('hunter2');
  });
});
