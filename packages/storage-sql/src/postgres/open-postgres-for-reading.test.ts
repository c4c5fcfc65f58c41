import type { SampleStore } from '@labkeeper/core';
import { ManualClock } from '@labkeeper/core/runtime';
import { recordingLog } from '@labkeeper/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../testing/postgres-server.js';
import { EAGER_RULES, LAZY_RULES } from '../testing/sample-rules.js';
import { openPostgres } from './open-postgres.js';
import { openPostgresForReading } from './open-postgres-for-reading.js';

const server = await findPostgres();
const EVERYTHING = [{ label: '__name__', operator: '!=', value: '' }] as const;

function append(samples: SampleStore, timeMs: number): Promise<unknown> {
  const timesMs = Float64Array.of(timeMs);
  return samples.append({ series: [{ name: 'level', labels: {} }], timesMs, values: timesMs });
}

async function timesIn(samples: Pick<SampleStore, 'select'>): Promise<readonly number[]> {
  const found = await samples.select(EVERYTHING, 0, 2 ** 50);
  return found.flatMap(({ timesMs }) => [...timesMs]);
}

describe.skipIf(!server)('opening a store in PostgreSQL for reading', () => {
  const parts = { url: server?.url ?? '', clock: new ManualClock(), log: recordingLog(), rules: EAGER_RULES };
  const newSchema = () => server?.newSchema() ?? '';
  afterAll(() => server?.clear());

  it.each([
    ['the journal', LAZY_RULES],
    ['packs', EAGER_RULES],
  ])('shows it as it is at that moment while it is written to: samples in %s', async (_, rules) => {
    const target = { ...parts, rules, schema: newSchema() };
    const writer = await openPostgres(target);
    const times = Array.from({ length: 20 }, (_value, index) => index * 100);
    for (const timeMs of times) await append(writer.samples, timeMs);
    const reader = await openPostgresForReading(target);
    for (let timeMs = 2_000; timeMs < 4_000; timeMs += 100) await append(writer.samples, timeMs);
    await writer.samples.delete(EVERYTHING, 0, 1_000);
    expect(await timesIn(reader.samples)).toEqual(times);
    await reader.close();
    await writer.close();
  });

  it('is refused where there is no store', async () => {
    await expect(openPostgresForReading({ ...parts, schema: newSchema() })).rejects.toMatchObject({
      code: 'STORAGE_EMPTY',
    });
  });
});
