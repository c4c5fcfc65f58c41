import type { Acknowledgement, Alert, Silence } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANNA } from '../../testing/alert-lab.js';
import { MINUTE } from '../../testing/engine-lab.js';
import { type KeptAlert, UNTOLD } from '../kept-alert.js';
import { decideTelling, type TellingFacts } from './decision.js';

const NOW = 1_000 * MINUTE;

const alert: Alert = {
  ...{ id: '1', fingerprint: 'f', rule: 'A', type: 'a', severity: 'high', title: 'A', message: 'm' },
  ...{ labels: { alertname: 'A' }, annotations: {}, entity: 'server:nas', state: 'firing' },
  ...{ pendingAtMs: NOW - MINUTE, firingAtMs: NOW - MINUTE },
};
const other: Alert = { ...alert, id: '2', title: 'B' };
const silence: Silence = {
  ...{ id: 's', matchers: [], startsAtMs: 0, endsAtMs: NOW + MINUTE, createdBy: 'Anna', comment: 'mine' },
  updatedAtMs: 0,
};
const acknowledgement: Acknowledgement = { by: ANNA, reason: '', atMs: NOW };
const kept: KeptAlert = { ...UNTOLD, alert, source: 'rule/x/A/f', rank: 1 };
const nothing: TellingFacts = {
  nowMs: NOW,
  maintenanceOf: () => undefined,
  silenceOf: () => undefined,
  inhibitorOf: () => undefined,
  downAncestorOf: () => undefined,
  isSteadied: false,
};

/** What can hold an alert back, in the order in which it is asked about. */
const REASONS = [
  { kind: 'maintenance', facts: { maintenanceOf: () => 'patch day' } },
  { kind: 'silence', facts: { silenceOf: () => silence } },
  { kind: 'inhibition', facts: { inhibitorOf: () => ({ alert: other, rule: 'r' }) } },
  { kind: 'dependency', facts: { downAncestorOf: () => 'server:pve' as const } },
  { kind: 'flapping', kept: { startsMs: [1, 2, 3, 4, 5].map((minute) => NOW - minute * MINUTE) } },
  { kind: 'cool-down', kept: { coolUntilMs: NOW + MINUTE } },
] as const;

describe('the decision whether people are told', () => {
  it('names the first of all reasons, in the one order, and none when there is none', () => {
    fc.assert(
      fc.property(fc.subarray([...REASONS]), (reasons) => {
        const facts = Object.assign(
          {},
          nothing,
          ...reasons.map((reason) => ('facts' in reason ? reason.facts : {})),
        );
        const state = Object.assign(
          {},
          kept,
          ...reasons.map((reason) => ('kept' in reason ? reason.kept : {})),
        );
        const decision = decideTelling(state, facts);
        const [first] = reasons;
        if (!first) expect(decision).toEqual({ kind: 'now' });
        else if (first.kind === 'cool-down')
          expect(decision).toMatchObject({ kind: 'wait', untilMs: NOW + MINUTE });
        else expect(decision).toMatchObject({ kind: 'not', suppression: { kind: first.kind } });
        if (decision.kind !== 'now') expect(decision.because).not.toBe('');
      }),
    );
  });

  it('leaves flapping to sources that look after it themselves', () => {
    const starts = { ...kept, startsMs: [NOW, NOW, NOW, NOW, NOW] };
    expect(decideTelling(starts, { ...nothing, isSteadied: true })).toEqual({ kind: 'now' });
  });

  it('takes an alert that flapped as settled when it has stayed for five minutes', () => {
    const starts = [1, 2, 3, 4, 6].map((minute) => NOW - minute * MINUTE);
    const settled = { ...kept, startsMs: starts, alert: { ...alert, firingAtMs: NOW - 5 * MINUTE } };
    expect(decideTelling(settled, nothing)).toEqual({ kind: 'now' });
  });

  it('waits ten minutes for a blip of what somebody looks after', () => {
    const blip = { ...kept, isQuiet: true, alert: { ...alert, acknowledgement } };
    expect(decideTelling(blip, nothing)).toMatchObject({ kind: 'wait', untilMs: NOW + 9 * MINUTE });
    expect(decideTelling(blip, { ...nothing, nowMs: NOW + 9 * MINUTE })).toEqual({ kind: 'now' });
  });
});
