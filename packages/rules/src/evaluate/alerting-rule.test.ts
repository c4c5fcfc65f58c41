import { type InstantValue, isStalenessMark, type Labels } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlertingContext,
  type AlertingRule,
  evaluateAlertingRule,
  evaluateAlertingRuleNow,
  NEW_RULE_STATE,
  type RuleOutcome,
  type RuleState,
  readRuleFile,
  restoreForState,
} from '../index.js';

const MINUTE = 60_000;

function ruleOf(fields: string): AlertingRule {
  const { groups, faults } = readRuleFile(
    `groups: [{ name: g, rules: [{ alert: Down, expr: up == 0, ${fields} }] }]`,
    'f',
  );
  expect(faults).toEqual([]);
  return groups[0]!.rules[0] as AlertingRule;
}

const sample = (labels: Labels, value = 0): InstantValue => ({
  labels: { __name__: 'up', ...labels },
  timeMs: 0,
  value,
});
const A = sample({ instance: 'a' });

/** Evaluates once a minute; each entry is the result of the expression at that minute. */
function minutes(
  rule: AlertingRule,
  vectors: readonly InstantValue[][],
  context: Partial<AlertingContext> = {},
) {
  let state: RuleState = NEW_RULE_STATE;
  return vectors.map((vector, minute) => {
    const outcome = evaluateAlertingRuleNow(rule, state, vector, { nowMs: minute * MINUTE, ...context });
    state = outcome.state;
    return outcome;
  });
}

const states = (outcomes: readonly RuleOutcome[]) =>
  outcomes.map(({ alerts }) => alerts.map(({ state }) => state).join());

describe('an alert', () => {
  it('fires at once without `for`', () => {
    expect(states(minutes(ruleOf('for: 0s'), [[A], []]))).toEqual(['firing', 'inactive']);
  });

  it('waits as long as `for` says, and is forgotten when the condition ends before', () => {
    expect(states(minutes(ruleOf('for: 2m'), [[A], [A], [A], []]))).toEqual([
      'pending',
      'pending',
      'firing',
      'inactive',
    ]);
    expect(states(minutes(ruleOf('for: 2m'), [[A], [], [A], [A]]))).toEqual([
      'pending',
      '',
      'pending',
      'pending',
    ]);
  });

  it('goes on firing as long as `keep_firing_for` says, and forgets that when the condition returns', () => {
    const rule = ruleOf('keep_firing_for: 2m');
    expect(states(minutes(rule, [[A], [], [], [], []]))).toEqual([
      'firing',
      'firing',
      'firing',
      'inactive',
      'inactive',
    ]);
    expect(states(minutes(rule, [[A], [], [A], [], [], []]))).toEqual([
      'firing',
      'firing',
      'firing',
      'firing',
      'firing',
      'inactive',
    ]);
  });

  it('is kept for a quarter of an hour when it is over, and begins anew when it returns', () => {
    const quiet = Array.from({ length: 17 }, () => []);
    const outcomes = minutes(ruleOf('for: 0s'), [[A], ...quiet]);
    expect(states(outcomes).slice(-2)).toEqual(['inactive', '']);
    const [, , again] = minutes(ruleOf('for: 0s'), [[A], [], [A]]);
    expect(again?.alerts[0]).toMatchObject({ state: 'firing', activeAtMs: 2 * MINUTE });
    expect(again?.alerts[0]).not.toHaveProperty('resolvedAtMs');
  });

  it('has the labels of the sample and the rule, and words of the last value', () => {
    const rule = ruleOf(
      'labels: { severity: page, gone: "", of: "{{ $labels.instance }}" }, annotations: { s: "{{ $value }} at {{ $externalLabels.site }}" }',
    );
    const outcomes = minutes(rule, [[A], [sample({ instance: 'a' }, 7)]], {
      externalLabels: { site: 'home' },
    });
    expect(outcomes[1]?.alerts).toMatchObject([
      {
        labels: { alertname: 'Down', instance: 'a', severity: 'page', of: 'a' },
        annotations: { s: '7 at home' },
        activeAtMs: 0,
      },
    ]);
    expect(Object.keys(outcomes[1]!.alerts[0]!.labels)).not.toContain('gone');
  });

  it('is not lost over words that cannot be made', () => {
    const rule = ruleOf('annotations: { s: "{{ query `none` | first | value }}" }');
    const [outcome] = minutes(rule, [[A]], { query: () => [] });
    expect(outcome?.alerts[0]?.annotations.s).toMatch(
      /^<error expanding template: .*first\(\) called on vector with no elements/,
    );
  });
});

describe('the series of alerts', () => {
  it('are written while the alert is there and marked when they end', () => {
    const written = minutes(ruleOf('for: 1m'), [[A], [A], []]).map(({ samples }) =>
      samples.map(
        ({ name, labels, value }) =>
          `${name} ${labels?.alertstate ?? '-'} ${isStalenessMark(value) ? 'stale' : value}`,
      ),
    );
    expect(written).toEqual([
      ['ALERTS pending 1', 'ALERTS_FOR_STATE - 0'],
      ['ALERTS firing 1', 'ALERTS_FOR_STATE - 0', 'ALERTS pending stale'],
      ['ALERTS firing stale', 'ALERTS_FOR_STATE - stale'],
    ]);
  });
});

describe('an evaluation that cannot count', () => {
  it('is one where two samples become the same alert', () => {
    const [outcome] = minutes(ruleOf('labels: { instance: same }'), [[A, sample({ instance: 'b' })]]);
    expect(outcome?.failure).toBe(
      'vector contains metrics with the same labelset after applying alert labels',
    );
    expect(outcome?.samples).toEqual([]);
  });

  it('is one beyond the limit, and it forgets all alerts', () => {
    const vectors = [[A], [A, sample({ instance: 'b' })], [A]];
    const outcomes = minutes(ruleOf('for: 0s'), vectors, { limit: 1 });
    expect(outcomes[1]).toMatchObject({ failure: 'exceeded limit of 1 with 2 alerts', alerts: [] });
    expect(outcomes[2]?.alerts).toMatchObject([{ activeAtMs: 2 * MINUTE }]);
  });
});

describe('after a restart', () => {
  const rule = ruleOf('for: 30m');
  const start = 100 * MINUTE;
  const restoredActiveAt = (timeMs: number, activeAtMs: number) => {
    const { state } = evaluateAlertingRuleNow(rule, NEW_RULE_STATE, [A], { nowMs: start });
    const last = () => ({ timeMs, value: activeAtMs / 1000 });
    return [...restoreForState(rule, state, last, { nowMs: start }).alerts.values()][0]!.activeAtMs / MINUTE;
  };

  it('the time that the condition had held counts, the outage does not', () => {
    expect(restoredActiveAt(90 * MINUTE, 80 * MINUTE)).toBe(90);
  });

  it('an alert that had fired fires at once, and one nearly due waits for the grace period', () => {
    expect(restoredActiveAt(90 * MINUTE, 50 * MINUTE)).toBe(50);
    expect(restoredActiveAt(90 * MINUTE, 65 * MINUTE)).toBe(80);
  });

  it('what was written too long ago is not taken up', () => {
    expect(restoredActiveAt(30 * MINUTE, 20 * MINUTE)).toBe(100);
  });

  it('short rules are left alone', () => {
    const short = ruleOf('for: 5m');
    const { state } = evaluateAlertingRuleNow(short, NEW_RULE_STATE, [A], { nowMs: start });
    expect(restoreForState(short, state, () => ({ timeMs: start, value: 0 }), { nowMs: start })).toBe(state);
  });
});

describe('whatever comes and goes', () => {
  it('holds: firing only after `for`, series exactly for what is active, marks exactly for what ended', () => {
    const vectors = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c')), { maxLength: 30 });
    fc.assert(
      fc.property(
        vectors,
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (instances, wait, keep) => {
          const rule = ruleOf(`for: ${wait}m, keep_firing_for: ${keep}m`);
          const outcomes = minutes(
            rule,
            instances.map((names) => names.map((instance) => sample({ instance }))),
          );
          let open = new Set<string>();
          outcomes.forEach(({ alerts, samples }, minute) => {
            for (const alert of alerts.filter(({ state }) => state === 'firing'))
              expect(alert.firedAtMs! - alert.activeAtMs).toBeGreaterThanOrEqual(wait * MINUTE);
            const name = (each: { name: string; labels?: Labels }) =>
              `${each.name}${JSON.stringify(each.labels)}`;
            const now = new Set(samples.filter(({ value }) => !isStalenessMark(value)).map(name));
            const ended = new Set(samples.filter(({ value }) => isStalenessMark(value)).map(name));
            expect(now.size).toBe(2 * alerts.filter(({ state }) => state !== 'inactive').length);
            expect(ended).toEqual(new Set([...open].filter((each) => !now.has(each))));
            for (const instance of instances[minute]!)
              expect(
                alerts.some(({ labels, state }) => labels.instance === instance && state !== 'inactive'),
              ).toBe(true);
            open = now;
          });
        },
      ),
    );
  });

  it('waiting for queries and not waiting give the same', async () => {
    const rule = ruleOf('annotations: { s: "{{ query `x` | first | value }} {{ $value }}" }');
    const answer = [{ labels: {}, timeMs: 0, value: 3 }];
    const late = await evaluateAlertingRule(rule, NEW_RULE_STATE, [A], {
      nowMs: 5,
      query: async () => answer,
    });
    expect(late).toEqual(
      evaluateAlertingRuleNow(rule, NEW_RULE_STATE, [A], { nowMs: 5, query: () => answer }),
    );
    expect(late.alerts[0]?.annotations.s).toBe('3 0');
  });
});
