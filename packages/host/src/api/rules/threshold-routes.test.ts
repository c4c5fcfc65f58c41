import { EMPTY_PLAN } from '@labkeeper/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage, bodyOf, faultOf } from '../../../fixtures/api-stage.js';
import { hotRules } from '../../../fixtures/hot-rules.js';

const URL = '/api/v1/config/thresholds';

let stage: ApiStage;
const run = (parameters = {}) =>
  stage.engine.apply({ ...EMPTY_PLAN, rules: { groups: [], packs: [hotRules(parameters)] } });
beforeEach(async () => {
  stage = await apiStage();
  await run();
});
afterEach(() => stage.close());

const change = (thresholds: unknown, as: 'admin' | 'operator' = 'admin') =>
  stage.call('PUT', URL, { as, json: { thresholds } });
const hot = async () => {
  const { items } = await stage.read<{ items: { value: number; from: string }[] }>(URL, { as: 'viewer' });
  return [items[0]?.value, items[0]?.from];
};

describe('thresholds', () => {
  it('are listed with what they mean and where their value comes from', async () => {
    expect(await stage.read(URL)).toEqual({
      thresholds: { hot: 80 },
      items: [
        {
          name: 'hot',
          value: 80,
          default: 80,
          from: 'default',
          description: 'Degrees that are too many.',
          rules: 'heat',
        },
      ],
    });
    await run({ hot: 75 });
    expect(await hot()).toEqual([75, 'file']);
  });

  it('are changed, which counts at once and after a restart, and given back to the file', async () => {
    expect(bodyOf(await change({ hot: 70 }))).toMatchObject({ thresholds: { hot: 70 } });
    expect(await hot()).toEqual([70, 'api']);
    stage = await stage.restart();
    await run();
    expect(await hot()).toEqual([70, 'api']);
    await change({ hot: null });
    expect(await hot()).toEqual([80, 'default']);
  });

  it('are what the rules compare with', async () => {
    await change({ hot: 70 });
    const { data } = await stage.read<{ data: { groups: { rules: { query: string }[] }[] } }>(
      '/prometheus/api/v1/rules',
    );
    expect(data.groups[0]?.rules[0]?.query).toBe('temperature_celsius > 70');
  });

  it.each([[{ cold: 5 }], [{}], [{ hot: 'very' }], ['hot'], [[]]])(
    'refuse %j, and nothing has changed',
    async (json) => {
      const response = await change(json);
      expect([response.statusCode, faultOf(response).code]).toEqual([422, 'VALIDATION_ERROR']);
      expect(await hot()).toEqual([80, 'default']);
    },
  );

  it('are changed by admins, with a row in the audit log that names them', async () => {
    expect((await change({ hot: 70 }, 'operator')).statusCode).toBe(403);
    await change({ hot: 70 });
    const { items } = await stage.engine.audit.list({ limit: 2 });
    expect(items.map(({ action, target, outcome }) => [action, target, outcome])).toEqual([
      ['threshold.update', 'hot', 'done'],
      // Refused before its body was read.
      ['threshold.update', '', 'refused'],
    ]);
  });
});
