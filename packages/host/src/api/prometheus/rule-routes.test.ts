import { EMPTY_PLAN } from '@labkeeper/engine';
import { readRuleFile } from '@labkeeper/rules';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiStage, apiStage } from '../../../fixtures/api-stage.js';

const ROOT = '/prometheus/api/v1';
const RULES = `groups:
  - name: heat
    interval: 30s
    limit: 10
    rules:
      - { record: room:temperature, expr: avg by (room) (temperature) }
      - alert: Hot
        expr: temperature > 30
        for: 1m
        labels: { severity: high }
        annotations: { summary: '{{ $labels.room }} has {{ $value }}' }
      - { alert: Cold, expr: temperature < 0 }
  - name: broken
    rules:
      - { alert: Twice, expr: 'label_replace(temperature, "room", "x", "", "")' }
`;

let stage: ApiStage;
beforeEach(async () => {
  stage = await apiStage();
  const { groups, faults } = readRuleFile(RULES, 'rooms.yml');
  expect(faults).toEqual([]);
  await stage.engine.apply({ ...EMPTY_PLAN, rules: { groups, packs: [] } });
});
afterEach(() => stage.close());

/** Rooms are measured every 30 s, and rules follow. */
async function measure(times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const source = stage.engine.ingest.source({ plugin: 'rooms', labels: {} });
    source.add(
      [
        { name: 'temperature', labels: { room: 'attic' }, value: 40 },
        { name: 'temperature', labels: { room: 'cellar' }, value: 10 },
      ],
      stage.clock.now(),
    );
    await stage.clock.advance(30_000);
  }
}

interface RuleView {
  readonly name: string;
  readonly type: string;
  readonly state?: string;
  readonly health: string;
  readonly lastError: string;
  readonly lastEvaluation: string;
  readonly alerts?: readonly object[];
}
interface GroupView {
  readonly name: string;
  readonly rules: readonly RuleView[];
}

const groups = async (query = '') =>
  (await stage.read<{ data: { groups: GroupView[] } }>(`${ROOT}/rules${query}`, { as: 'viewer' })).data
    .groups;
const named = async (query: string) =>
  (await groups(query)).map(({ name, rules }) => [name, rules.map((rule) => rule.name)]);

describe('rules', () => {
  it('are shown as Prometheus shows them, before their first evaluation too', async () => {
    const [heat] = await groups();
    expect(heat).toMatchObject({
      ...{ name: 'heat', file: 'rooms.yml', interval: 30, limit: 10 },
      rules: [
        { type: 'recording', name: 'room:temperature', query: 'avg by (room) (temperature)' },
        {
          ...{ type: 'alerting', name: 'Hot', query: 'temperature > 30', duration: 60, keepFiringFor: 0 },
          ...{
            labels: { severity: 'high' },
            annotations: { summary: '{{ $labels.room }} has {{ $value }}' },
          },
          ...{ state: 'inactive', alerts: [] },
        },
        { name: 'Cold' },
      ],
    });
  });

  it('have the alerts that they have found, pending and then firing', async () => {
    await measure(2);
    const hot = async () => (await groups('?rule_name[]=Hot'))[0]?.rules[0];
    expect(await hot()).toMatchObject({ state: 'pending', health: 'ok', alerts: [{ state: 'pending' }] });
    await measure(3);
    expect(await hot()).toMatchObject({ state: 'firing', alerts: [{ state: 'firing', value: '40' }] });
    const { data } = await stage.read<{ data: { alerts: object[] } }>(`${ROOT}/alerts`, { as: 'viewer' });
    expect(data.alerts).toContainEqual(
      expect.objectContaining({
        labels: { alertname: 'Hot', room: 'attic', severity: 'high' },
        annotations: { summary: 'attic has 40' },
        state: 'firing',
        activeAt: expect.stringMatching(/^2026-01-01T00:0/) as unknown,
      }),
    );
  });

  it('that cannot be evaluated say why', async () => {
    await measure(4);
    const [broken] = await groups('?rule_group[]=broken');
    expect(broken?.rules[0]).toMatchObject({
      health: 'err',
      lastError: expect.stringMatching(/./) as unknown,
    });
  });

  it('are chosen by kind, name, group and file, and without their alerts', async () => {
    await measure(4);
    expect(await named('?type=record')).toEqual([
      ['heat', ['room:temperature']],
      ['broken', []],
    ]);
    expect(await named('?type=alert&rule_group[]=heat')).toEqual([['heat', ['Hot', 'Cold']]]);
    expect(await named('?rule_name[]=Cold')).toEqual([['heat', ['Cold']]]);
    expect(await named('?file[]=other.yml')).toEqual([]);
    const [heat] = await groups('?rule_name[]=Hot&exclude_alerts=true');
    expect(heat?.rules[0]).toMatchObject({ state: 'firing', alerts: [] });
  });

  it('of a kind that there is not are refused', async () => {
    const response = await stage.call('GET', `${ROOT}/rules?type=alerts`);
    expect([response.statusCode, response.json()]).toMatchObject([
      400,
      { status: 'error', errorType: 'bad_data' },
    ]);
  });
});
