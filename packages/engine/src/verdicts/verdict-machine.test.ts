import { VERDICT_STATUSES, type VerdictStatus } from '@labkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  initialVerdict,
  nextVerdict,
  silentVerdict,
  type VerdictSettings,
  type VerdictState,
} from './verdict-machine.js';

const settings = fc.record<VerdictSettings>({
  failuresBeforeDown: fc.integer({ min: 1, max: 5 }),
  successesBeforeUp: fc.integer({ min: 1, max: 5 }),
  flapping: fc.constantFrom('detect', 'ignore'),
});
const results = fc.array(fc.constantFrom(...VERDICT_STATUSES), { maxLength: 80 });
const steady: VerdictSettings = { failuresBeforeDown: 2, successesBeforeUp: 1 };

/** All states on the way, the first one before any result. */
function states(raws: readonly VerdictStatus[], rules: VerdictSettings): readonly VerdictState[] {
  const passed = [Object.freeze(initialVerdict(0))];
  for (const [index, raw] of raws.entries()) {
    passed.push(Object.freeze(nextVerdict(passed[index]!, raw, rules, index + 1)));
  }
  return passed;
}

const last = (raws: readonly VerdictStatus[], rules = steady) => states(raws, rules).at(-1)!;
const endsWith = (raws: readonly VerdictStatus[], count: number, raw: VerdictStatus) =>
  raws.length >= count && raws.slice(-count).every((found) => found === raw);
const times = (count: number, raw: VerdictStatus): VerdictStatus[] =>
  Array.from({ length: count }, () => raw);

describe('a confirmed status', () => {
  it('turns down exactly when the last results were down often enough in a row', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        const passed = states(raws, rules);
        for (let index = 1; index < passed.length; index++) {
          const seen = raws.slice(0, index);
          const isDown = passed[index]!.status === 'down';
          if (endsWith(seen, rules.failuresBeforeDown, 'down')) expect(isDown).toBe(true);
          else if (isDown) expect(passed[index - 1]!.status).toBe('down');
        }
      }),
    );
  });

  it('turns up after enough good results in a row, unless the check flaps', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        const all = [...raws, ...times(rules.successesBeforeUp, 'up')];
        const { status, flapping } = last(all, rules);
        expect(status === 'up' || flapping).toBe(true);
      }),
    );
  });

  it('never turns up by anything but a good result', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        const passed = states(raws, rules);
        passed.forEach((state, index) => {
          const turnedUp = state.status === 'up' && passed[index - 1]?.status !== 'up';
          if (turnedUp) expect(raws[index - 1]).toBe('up');
        });
      }),
    );
  });

  it('is unknown when nobody could tell often enough in a row', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        expect(last([...raws, ...times(rules.failuresBeforeDown, 'unknown')], rules).status).toBe('unknown');
      }),
    );
  });

  it('is not changed by a single slip', () => {
    fc.assert(
      fc.property(fc.constantFrom<VerdictStatus>('down', 'degraded', 'unknown'), (slip) => {
        expect(last([...times(30, 'up'), slip]).status).toBe('up');
      }),
    );
  });

  it('dates from the result that changed it', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        const passed = states(raws, rules);
        for (let index = 1; index < passed.length; index++) {
          const isChange = passed[index]!.status !== passed[index - 1]!.status;
          expect(passed[index]!.sinceMs).toBe(isChange ? index : passed[index - 1]!.sinceMs);
        }
      }),
    );
  });

  it('depends on nothing but what the machine is given', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        expect(states(raws, rules)).toEqual(states(raws, rules));
      }),
    );
  });

  it('is up with the very first good result, however many are wanted after trouble', () => {
    const patient = { failuresBeforeDown: 3, successesBeforeUp: 4 };
    expect(last(['up'], patient).status).toBe('up');
    expect(last([...times(3, 'down'), ...times(3, 'up')], patient).status).toBe('down');
    expect(last([...times(3, 'down'), ...times(4, 'up')], patient).status).toBe('up');
  });

  it('tells degraded from down, and worsens from one to the other', () => {
    expect(last(['up', 'degraded']).status).toBe('up');
    expect(last(['up', 'degraded', 'degraded']).status).toBe('degraded');
    expect(last(['up', 'degraded', 'down']).status).toBe('degraded');
    expect(last(['up', 'degraded', 'degraded', 'down', 'down']).status).toBe('down');
  });
});

describe('a check that flaps', () => {
  const restless = Array.from({ length: 20 }, (_, index): VerdictStatus => (index % 2 === 0 ? 'up' : 'down'));

  it('is degraded although no two failures come in a row', () => {
    const state = last([...times(3, 'up'), ...restless]);
    expect(state).toMatchObject({ status: 'degraded', flapping: true });
    expect(last([...times(3, 'up'), ...restless], { ...steady, flapping: 'ignore' }).status).toBe('up');
  });

  it('stays down while good results come between the bad ones, and recovers once it has settled', () => {
    const flapping = [
      ...restless,
      ...Array.from({ length: 8 }, (): VerdictStatus[] => ['down', 'down', 'up']).flat(),
    ];
    expect(last(flapping)).toMatchObject({ status: 'down', flapping: true });
    expect(last([...flapping, ...times(21, 'up')])).toMatchObject({ status: 'up', flapping: false });
  });

  it('settles after as many equal results as it remembers, whatever was before', () => {
    fc.assert(
      fc.property(results, fc.constantFrom<VerdictStatus>('up', 'down', 'degraded'), (raws, raw) => {
        expect(last([...raws, ...times(21, raw)]).flapping).toBe(false);
      }),
    );
  });

  it('is not one because nobody could tell now and then', () => {
    const blind = Array.from(
      { length: 40 },
      (_, index): VerdictStatus => (index % 2 === 0 ? 'up' : 'unknown'),
    );
    expect(last(blind)).toMatchObject({ status: 'up', flapping: false });
  });
});

describe('silence', () => {
  it('is unknown at once, whatever was before, and ends with the next confirmed result', () => {
    fc.assert(
      fc.property(results, settings, (raws, rules) => {
        const silent = silentVerdict(last(raws, rules), 999);
        expect(silent).toMatchObject({ status: 'unknown', silent: true, downInARow: 0, upInARow: 0 });
        const after = nextVerdict(silent, 'down', { ...rules, failuresBeforeDown: 1 }, 1_000);
        expect(after).toMatchObject({ status: 'down', silent: false });
      }),
    );
  });
});
