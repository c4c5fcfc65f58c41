import { setTimeout as sleep } from 'node:timers/promises';
import { type Collector, seriesKey } from '@labkeeper/core';
import plugin from '@labkeeper/plugin-system';
import { startInstance } from '@labkeeper/testkit';
import type { Column } from '@labkeeper/tsdb';

/** The distance that the recording pretends to have: the usual one of collectors. */
const INTERVAL_MS = 10_000;
/** The real distance: nobody waits two hours. Counters grow less in it, and gauges move less. */
const PAUSE_MS = 250;

/** What our own collector says of this machine, as one column for each series: a form that is good only on a generator fails here. */
export async function recordThisMachine(samples: number, startMs: number): Promise<readonly Column[]> {
  const collector = plugin.collectors?.[0] as Collector;
  const instance = await startInstance(collector, {});
  const columns = new Map<string, number[]>();
  for (let row = 0; row < samples; row++) {
    const observed = await collector.collect(instance.run());
    for (const { name, labels = {}, value } of observed.samples ?? []) {
      const key = seriesKey(name, labels);
      columns.set(key, [...(columns.get(key) ?? []), value]);
    }
    await sleep(PAUSE_MS);
  }
  await instance.stop();
  return [...columns.values()].map((values) => column(values, startMs));
}

/** Values at a steady pace. */
export function column(values: readonly number[], startMs: number): Column {
  return {
    timesMs: Float64Array.from(values, (_, row) => startMs + row * INTERVAL_MS),
    values: Float64Array.from(values),
  };
}
