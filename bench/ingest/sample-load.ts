import type { Sample, Storage } from '@labkeeper/core';
import { createContainer, createEngine } from '@labkeeper/engine';

/** As many as node_exporter reports of a small server with its usual collectors. */
const SAMPLES_PER_COLLECTION = 300;
const SOURCES = 100;
const INTERVAL_MS = 10_000;

/** How a plugin makes its samples. */
export type LabelHabit =
  /** It keeps its label objects from one collection to the next, as our own plugins do. */
  | 'kept labels'
  /** It makes them anew, as a plugin in a thread of its own must. */
  | 'new labels';

/** Sends the collections of a hundred servers through ingest, as fast as it goes. Returns samples per second of CPU time. */
export async function samplesPerCpuSecond(
  storage: Storage,
  habit: LabelHabit,
  rounds: number,
): Promise<number> {
  const engine = createEngine(createContainer({ storage }));
  await engine.start();
  const sources = Array.from({ length: SOURCES }, (_, index) =>
    engine.ingest.source({ plugin: 'bench', labels: { job: 'node', instance: `server${index}` } }),
  );
  const collection = Array.from({ length: SAMPLES_PER_COLLECTION }, (_, index) => sampleOf(index));
  const startMs = Date.now() - rounds * INTERVAL_MS;
  // The first round belongs to the compiler and to the new series.
  await sendRound(0);
  const before = process.cpuUsage();
  for (let round = 1; round <= rounds; round++) await sendRound(round);
  const { user, system } = process.cpuUsage(before);
  const { stored, invalid, dropped } = engine.ingest.stats();
  await engine.stop();
  if (stored !== (rounds + 1) * SOURCES * SAMPLES_PER_COLLECTION) {
    throw new Error(`not every sample was stored: ${JSON.stringify({ stored, invalid, dropped })}`);
  }
  return (rounds * SOURCES * SAMPLES_PER_COLLECTION) / ((user + system) / 1e6);

  async function sendRound(round: number): Promise<void> {
    for (const source of sources) source.add(samplesOfRound(round), startMs + round * INTERVAL_MS);
    await engine.ingest.flush();
  }

  function samplesOfRound(round: number): readonly Sample[] {
    return collection.map(({ name, labels }, index) => ({
      name,
      labels: habit === 'kept labels' ? labels : { ...labels },
      value: index * 1_000 + round,
    }));
  }
}

function sampleOf(index: number): { readonly name: string; readonly labels: Record<string, string> } {
  return {
    name: `node_metric_${index % 60}_bytes_total`,
    labels: { device: `disk${Math.floor(index / 60)}`, mountpoint: `/srv/volume/${index % 5}` },
  };
}
