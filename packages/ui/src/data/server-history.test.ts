import { expect, it } from 'vitest';
import type { MetricsHistory } from './api-types.js';
import { loadServerHistory } from './server-history.js';

const NOW_SECONDS = 1_800_000_000;

/** A host whose server has been measured for so long; remembers what it was asked. */
function hostWith(measuredSeconds: number) {
  const asked: Record<string, unknown>[] = [];
  const get = (_: string, query: Record<string, unknown> = {}) => {
    asked.push(query);
    const from = String(query.from);
    const fromSeconds = from.startsWith('-') ? NOW_SECONDS - 86_400 : Date.parse(from) / 1_000;
    const step = Number(query.step);
    const timestamps = Array.from(
      { length: Math.ceil((NOW_SECONDS - fromSeconds) / step) },
      (_, index) => fromSeconds + index * step,
    );
    const column = timestamps.map((time) => (time + step > NOW_SECONDS - measuredSeconds ? 1 : null));
    const history = {
      ...{ to: new Date(NOW_SECONDS * 1_000).toISOString(), timestamps, disks: {} },
      series: { cpu_percent: column, load_1m: timestamps.map(() => null) },
    };
    return Promise.resolve(history as unknown as MetricsHistory);
  };
  return { asked, client: { get: get as never } };
}

it('takes the whole span when there is enough of it', async () => {
  const { client, asked } = hostWith(12 * 3_600);
  expect((await loadServerHistory(client, 'nas', '24h')).timestamps).toHaveLength(300);
  expect(asked).toEqual([{ from: '-24h', step: 288 }]);
});

it('takes what there is, and finer, when the server is young', async () => {
  const { client, asked } = hostWith(300);
  const { timestamps, series } = await loadServerHistory(client, 'nas', '24h');
  expect(timestamps[0]).toBeGreaterThanOrEqual(NOW_SECONDS - 600);
  expect(series.cpu_percent.filter((value) => value !== null).length).toBeGreaterThanOrEqual(20);
  expect(asked.map(({ step }) => step)).toEqual([288, 15]);
});

it('asks once when nothing was measured', async () => {
  const { client, asked } = hostWith(0);
  await loadServerHistory(client, 'nas', '24h');
  expect(asked).toHaveLength(1);
});
