import { withDevice } from '../device.js';
import { diskBytes } from '../peers/disk-usage.js';
import { askedFigures } from '../peers/latencies.js';
import { type Measured, together } from '../peers/peer.js';
import { cpuSecondsOf, rssMbOf } from '../process-cost.js';
import { LAST_VALUES, RANGE_QUERIES, type RangeQueryKey } from '../queries.js';
import { dayOfHosts, manySeries, type Scenario } from '../scenario.js';
import { bulkFigures } from './bulk.js';
import { sendDay } from './heartbeats.js';
import { buildProgram, type StoreProcess, startStore } from './process.js';
import { lastValuesPath, queryPath } from './query-paths.js';

const DAY_MS = 86_400_000;

/** What this store costs, as the peers are measured. */
export async function measureLabkeeper(quick: boolean): Promise<Measured> {
  const program = await buildProgram();
  console.log('… labkeeper: in bulk, in process');
  const bulk = await bulkFigures(quick);
  console.log('… labkeeper: a day of 25 hosts at its pace, time driven by hand');
  const day = await withDevice((dir, countBytes, how) =>
    dayFigures(program, { dir, countBytes, how }, quick),
  );
  console.log('… labkeeper: 10,000 series');
  const many = await withDevice((dir) => manyFigures(program, dir, quick));
  return together([bulk, day, many]);
}

interface Device {
  readonly dir: string;
  readonly how: string;
  countBytes(pid?: number): Promise<number>;
}

/** Every heartbeat of a day, each ten seconds a sync, every two hours packs, at the end the settling. */
async function dayFigures(
  program: string,
  { dir, countBytes, how }: Device,
  quick: boolean,
): Promise<Measured> {
  const day = dayOfHosts(quick);
  const store = await startStore(program, { dataDir: dir }, day.startMs);
  try {
    const beforeBytes = await countBytes(store.pid);
    const { samples, cpuS } = await sendDay(store, day);
    await settle(store, day);
    const bytes = (await countBytes(store.pid)) - beforeBytes;
    const latencies = await queryFigures(store, day, quick);
    await store.end();
    return {
      figures: {
        device_bytes_per_sample: bytes / samples,
        http_samples_per_cpu_s: samples / cpuS,
        bytes_per_sample_rest: (await diskBytes(`${dir}/labkeeper.db`)) / samples,
        bytes_per_sample_whole_folder: (await diskBytes(dir)) / samples,
        ...latencies,
      },
      notes: [`Labkeeper's device bytes: ${how}; the whole day, sealing and settling included.`],
    };
  } finally {
    await store.end('SIGKILL');
  }
}

async function settle({ http }: StoreProcess, { endMs }: Scenario): Promise<void> {
  await http.post(`/time?to=${endMs + DAY_MS + 2 * 3_600_000}`, Buffer.alloc(0));
  await http.post('/upkeep', Buffer.alloc(0));
}

async function queryFigures(
  store: StoreProcess,
  day: Scenario,
  quick: boolean,
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const key of Object.keys(RANGE_QUERIES) as RangeQueryKey[]) {
    const times = quick ? 5 : RANGE_QUERIES[key].times;
    Object.assign(figures, await askedFigures(store.http, key, times, (turn) => queryPath(key, day, turn)));
  }
  return figures;
}

/** 10,000 series: memory, their last values, and the way back after a kill. */
async function manyFigures(program: string, dir: string, quick: boolean): Promise<Measured> {
  const many = manySeries(quick);
  let store = await startStore(program, { dataDir: dir }, many.startMs);
  try {
    await sendDay(store, many);
    const rss_mb = rssMbOf(store.pid);
    const last = await askedFigures(store.http, 'q4', quick ? 5 : LAST_VALUES.times, () =>
      lastValuesPath(many),
    );
    await store.end('SIGKILL');
    const beginMs = performance.now();
    store = await startStore(program, { dataDir: dir }, many.endMs);
    const recovery_s = (performance.now() - beginMs) / 1_000;
    const cpuS = cpuSecondsOf(store.pid);
    return { figures: { rss_mb, recovery_s, recovery_cpu_s: cpuS, ...last }, notes: [] };
  } finally {
    await store.end('SIGKILL');
  }
}
