import { describe, expect, it } from 'vitest';
import { EMPTY_PLAN, type Plan, planFaults } from '../index.js';
import { AlertLab, matcher } from '../testing/alert-lab.js';

describe('the faults of a plan', () => {
  it('are all found at once, with their places', () => {
    const lab = new AlertLab();
    const plan: Plan = {
      ...EMPTY_PLAN,
      channels: [lab.channel('chat', lab.wishes({ matchers: [matcher('a=~(')], groupWaitMs: -1 }))],
      maintenance: [
        { name: 'night', times: { kind: 'weekly', days: ['mon'], from: 'x', to: '04:00' } },
        { name: 'night', times: { kind: 'once', fromMs: 1, toMs: 2 }, matchers: [matcher('a=~[')] },
      ],
      inhibitions: [{ sourceMatchers: [matcher('a=~(')], targetMatchers: [], equal: [] }],
      escalations: [{ name: 'boss', matchers: [], afterMs: 1, channels: ['chta'] }],
    };
    expect(planFaults(plan).map(({ path }) => path.join('.'))).toEqual([
      'channels.0.when.matchers.0',
      'channels.0.when.groupWaitMs',
      'maintenance.0.times',
      'maintenance.1.matchers.0',
      'inhibitions.0.sourceMatchers.0',
      'escalations.0.channels.0',
      'maintenance.1.name',
    ]);
    expect(planFaults(plan).find(({ found }) => found === 'chta')).toMatchObject({ nearest: 'chat' });
  });

  it('keep the running plan as it is', async () => {
    const lab = new AlertLab();
    await lab.begin();
    await lab.fires('A');
    const broken = {
      ...lab.plan,
      channels: [],
      inhibitions: [{ sourceMatchers: [matcher('a=~(')], targetMatchers: [], equal: [] }],
    };
    await expect(lab.engine.apply(broken)).rejects.toMatchObject({
      code: 'CONFIG_WRONG_VALUE',
      message: expect.stringContaining('inhibitions.0.sourceMatchers.0'),
    });
    await lab.ends('A');
    expect(lab.told()).toEqual(['firing A', 'resolved Over: A']);
  });

  it('are none in an ordinary plan', () => {
    const lab = new AlertLab();
    expect(planFaults({ ...EMPTY_PLAN, channels: [lab.channel('chat')] })).toEqual([]);
  });
});
