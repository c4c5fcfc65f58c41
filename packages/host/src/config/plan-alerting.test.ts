import { describe, expect, it } from 'vitest';
import { readConfig } from '../../fixtures/read-config.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const NOTIFY = "notify: [{ slack: { webhook: 'https://hooks.example/x' }, name: Night Shift }]\n";

async function planOf(yaml: string) {
  const { config, faults } = await readConfig({ file: folder.write('labkeeper.yaml', yaml) });
  expect(faults).toEqual([]);
  return config?.plan;
}

describe('maintenance in the file', () => {
  it('becomes windows that open once, weekly or as a cron expression says', async () => {
    const plan = await planOf(`maintenance:
  - name: move
    once: { from: '2026-01-31T22:00:00Z', to: '2026-02-01T00:00:00+01:00' }
    comment: new rack
  - name: backup
    weekly: { days: [sat, sun], from: '22:00', to: '04:00' }
    time_zone: Europe/Berlin
    entities: [server:nas]
  - name: updates
    cron: { expression: '0 3 1 * *', for: 1h30m }
    match: ['severity!="critical"', 'job=~"node|disk"']
`);
    const fromMs = Date.UTC(2026, 0, 31, 22);
    expect(plan?.maintenance).toEqual([
      { name: 'move', times: { kind: 'once', fromMs, toMs: fromMs + 3_600_000 }, comment: 'new rack' },
      {
        ...{ name: 'backup', timeZone: 'Europe/Berlin', entities: ['server:nas'] },
        times: { kind: 'weekly', days: ['sat', 'sun'], from: '22:00', to: '04:00' },
      },
      {
        name: 'updates',
        times: { kind: 'cron', expression: '0 3 1 * *', durationMs: 5_400_000 },
        matchers: [
          { label: 'severity', operator: '!=', value: 'critical' },
          { label: 'job', operator: '=~', value: 'node|disk' },
        ],
      },
    ]);
  });
});

describe('inhibitions and escalations in the file', () => {
  it('become rules of the plan', async () => {
    const plan = await planOf(`${NOTIFY}inhibit:
  - name: power
    source: ['alertname="PowerOut"']
    target: ['severity=~"low|medium"']
    equal: [site]
  - { source: ['a="1"'], target: ['b="2"'] }
escalate:
  - { after: 30m, to: [Night Shift] }
  - { name: boss, match: ['severity="critical"'], after: 1h, every: 2h, to: [night-shift] }
`);
    expect(plan?.inhibitions).toEqual([
      {
        ...{ name: 'power', equal: ['site'] },
        sourceMatchers: [{ label: 'alertname', operator: '=', value: 'PowerOut' }],
        targetMatchers: [{ label: 'severity', operator: '=~', value: 'low|medium' }],
      },
      {
        equal: [],
        sourceMatchers: [{ label: 'a', operator: '=', value: '1' }],
        targetMatchers: [{ label: 'b', operator: '=', value: '2' }],
      },
    ]);
    expect(plan?.escalations).toEqual([
      { name: 'escalation 1', matchers: [], afterMs: 1_800_000, channels: ['night-shift'] },
      {
        ...{ name: 'boss', afterMs: 3_600_000, againEveryMs: 7_200_000, channels: ['night-shift'] },
        matchers: [{ label: 'severity', operator: '=', value: 'critical' }],
      },
    ]);
  });

  it('may name a channel whose own faults are told already', async () => {
    const file = folder.write(
      'labkeeper.yaml',
      'notify: [{ slack: {} }]\nescalate: [{ after: 30m, to: [slack] }]\n',
    );
    const { faults } = await readConfig({ file });
    expect(faults.map(({ code }) => code)).toEqual(['CONFIG_MISSING_KEY']);
  });
});

describe('a channel in the file', () => {
  it('says which alerts it wants, and how they are put together', async () => {
    const plan = await planOf(`notify:
  - slack: { webhook: 'https://hooks.example/x' }
    match: ['team="storage"']
    group: { by: [alertname], wait: 30s, interval: 10m }
    repeat: 0s
    resolved: false
    messages_per_minute: 5
`);
    expect(plan?.channels[0]?.when).toMatchObject({
      matchers: [{ label: 'team', operator: '=', value: 'storage' }],
      ...{ groupBy: ['alertname'], groupWaitMs: 30_000, groupIntervalMs: 600_000 },
      ...{ repeatIntervalMs: 0, sendResolved: false, messagesPerMinute: 5 },
    });
  });

  it('leaves to the engine what it does not say', async () => {
    const wishes = (await planOf(NOTIFY))?.channels[0]?.when;
    expect(Object.keys(wishes ?? {}).sort()).toEqual(['kinds', 'severities']);
  });
});
