import { mkdirSync } from 'node:fs';
import type { Series } from '@labkeeper/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandOutcomes } from '../../../fixtures/command-outcome.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';
import { withConfiguredStorage } from '../configured-storage.js';
import { type BacktestOptions, backtest } from './backtest.js';

const folder = temporaryFolder();
const outcomeOf = commandOutcomes();

const START_MS = Date.UTC(2026, 0, 1);
const RULES = `groups:
  - name: rooms
    interval: 1m
    rules:
      - { record: 'room:temperature', expr: temperature }
      - alert: Hot
        expr: temperature > 30
        for: 2m
        labels: { severity: high }
        annotations: { summary: '{{ $labels.room }}' }
      - { alert: Cold, expr: temperature < 0 }
`;
/** Degrees in each minute. */
const ATTIC = [20, 35, 36, 37, 38, 20, 20, 35, 36, 37, 38];
const CELLAR = [10, 10, 10, 10, -5, 10, 10, 10, 10, 10, 10];

const storage = () => ({
  config: folder.write('labkeeper.yaml', 'storage: { sqlite: { keep_samples: 100y } }\n'),
  data: folder.path('data'),
});

function batchOf(rooms: Readonly<Record<string, readonly number[]>>) {
  const rows = Object.entries(rooms).flatMap(([room, values]) => {
    const series: Series = { name: 'temperature', labels: { room } };
    return values.map((value, minute) => ({ series, value, timeMs: START_MS + minute * 60_000 }));
  });
  return {
    series: rows.map(({ series }) => series),
    timesMs: rows.map(({ timeMs }) => timeMs),
    values: rows.map(({ value }) => value),
  };
}

beforeEach(async () => {
  mkdirSync(folder.path('data'));
  await withConfiguredStorage(storage(), async ({ adapter, context }) => {
    const store = await adapter.open(context);
    await store.samples.append(batchOf({ attic: ATTIC, cellar: CELLAR }));
    await store.close();
  });
});

const replaying = (options: Partial<BacktestOptions> = {}, rules = RULES) =>
  outcomeOf(
    backtest({
      ...storage(),
      rule: folder.write('rules.yml', rules),
      ...{ from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:10:00Z' },
      ...options,
    }),
  );

describe('labkeeper rules backtest', () => {
  it('lists when each alert would have fired, and until when', async () => {
    expect(await replaying()).toEqual([
      0,
      [
        '2026-01-01T00:03:00.000Z … 2026-01-01T00:05:00.000Z  Hot{room="attic", severity="high"}  value 37',
        '2026-01-01T00:09:00.000Z … still firing  Hot{room="attic", severity="high"}  value 37',
        '2026-01-01T00:04:00.000Z … 2026-01-01T00:05:00.000Z  Cold{room="cellar"}  value -5',
        '3 alerts would have fired\n',
      ].join('\n'),
    ]);
  });

  it('looks at one rule, and at a part of the time', async () => {
    const [code, text] = await replaying({ name: 'Cold' });
    expect([code, text]).toEqual([0, expect.stringMatching(/ Cold\{[^\n]*\n1 alert would have fired\n$/)]);
    expect(await replaying({ to: '2026-01-01T00:02:00Z' })).toEqual([0, '0 alerts would have fired\n']);
  });

  it('reads while Labkeeper writes', async () => {
    await withConfiguredStorage(storage(), async ({ adapter, context }) => {
      const running = await adapter.open(context);
      await running.samples.append(batchOf({ roof: ATTIC }));
      const [code, text] = await replaying({ name: 'Hot' });
      expect([code, text]).toEqual([0, expect.stringContaining('4 alerts would have fired')]);
      await running.close();
    });
  });

  it('ends with 1 for a rule that cannot be evaluated, and goes on with the others', async () => {
    const twice = 'label_replace(temperature, "room", "x", "", "")';
    const [code, text] = await replaying({}, RULES.replace('temperature > 30', `'${twice}'`));
    expect([code, text]).toEqual([1, expect.stringMatching(/rules\.yml:6: Hot: /)]);
    expect(text).toContain(' Cold{room="cellar"}');
  });

  it.each([
    ['a rule that there is not', { name: 'Warm' }, "there is no alerting rule 'Warm'"],
    ['a file that there is not', { rule: '/none.yml' }, '/none.yml: '],
    ['a time that is none', { from: 'yesterday' }, 'TIME_INVALID'],
    ['a span that ends before it begins', { from: '2026-01-02T00:00:00Z' }, 'TIME_INVALID'],
  ])('ends with 2 for %s', async (_, options, says) => {
    expect(await replaying(options)).toEqual([2, expect.stringContaining(says)]);
  });

  it('ends with 2 for rules with faults, and names their places', async () => {
    expect(await replaying({}, RULES.replace('> 30', '> > 30'))).toEqual([
      2,
      expect.stringMatching(/rules\.yml:7:\d+: /),
    ]);
  });

  it('ends with 1 where nothing is stored', async () => {
    expect(await replaying({ data: folder.path('elsewhere') })).toEqual([
      1,
      expect.stringContaining('STORAGE_EMPTY'),
    ]);
  });
});
