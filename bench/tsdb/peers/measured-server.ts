import { withDevice } from '../device.js';
import { atTruePace } from '../pace.js';
import { cpuSecondsOf, rssMbOf, untilIdle } from '../process-cost.js';
import { LAST_VALUES } from '../queries.js';
import { dayOfHosts, manySeries, rounds, type Scenario } from '../scenario.js';
import { diskBytes } from './disk-usage.js';
import { lastValuesPath, latencyFigures, queryLatencies, samplesIn } from './latencies.js';
import type { Measured } from './peer.js';
import { heartbeats, sendHeartbeats, sendInBulk } from './sending.js';
import { launch, type Server, type ServerKind, startServer, untilAnswers, withServer } from './server.js';

/** Of so many rounds of the day one goes as requests of single hosts; in tens. */
const HEARTBEAT_SHARE = 10;

/** The true pace for so long, on a device of its own. */
export function pacedFigures(kind: ServerKind, seconds: number): Promise<Measured> {
  return withDevice(async (dir, countBytes, how) =>
    withServer(kind, dir, async (server) => {
      const day = dayOfHosts(false);
      const send = heartbeats(server, day);
      const [beforeBytes, beforeCpuS] = [await countBytes(server.pid), cpuSecondsOf(server.pid)];
      const samples = await atTruePace(day, seconds, ({ host, timeMs, values }) =>
        send(host, timeMs, values),
      );
      const cpuS = cpuSecondsOf(server.pid) - beforeCpuS;
      const bytes = (await countBytes(server.pid)) - beforeBytes;
      return {
        figures: {
          device_bytes_per_sample: bytes / samples,
          paced_cpu_us_per_sample: (cpuS * 1e6) / samples,
          paced_rss_mb: rssMbOf(server.pid),
        },
        notes: [`Device bytes: ${how}; ${seconds} s at 150 samples a second.`],
      };
    }),
  );
}

/** The day of 25 hosts: what taking it in, keeping it and asking it costs. */
export function dayFigures(kind: ServerKind, quick: boolean): Promise<Measured> {
  return withDevice((dir, countBytes) =>
    withServer(kind, dir, async (server) => {
      const day = dayOfHosts(quick);
      const beforeBytes = await countBytes(server.pid);
      const ingested = await ingestedDay(server, quick);
      const note = await kind.settle(server, day.endMs, quick ? 1_000 : 5_000);
      const samples = day.series.length * day.steps;
      const bytes = (await countBytes(server.pid)) - beforeBytes;
      const resting = await kind.restingBytes(dir);
      const latencies = await queryLatencies(server, day, quick);
      return {
        figures: {
          ...ingested,
          bytes_per_sample_rest: resting / samples,
          bytes_per_sample_whole_folder: (await diskBytes(dir)) / samples,
          device_bulk_bytes_per_sample: bytes / samples,
          ...latencies,
        },
        notes: [`${note}.`],
      };
    }),
  );
}

async function ingestedDay(server: Server, quick: boolean): Promise<Record<string, number>> {
  const day = dayOfHosts(quick);
  const rest = rounds(day);
  const count = Math.floor(day.steps / HEARTBEAT_SHARE / 10) * 10;
  const beginS = cpuSecondsOf(server.pid);
  const single = await sendHeartbeats(server, day, rest, count);
  const betweenS = cpuSecondsOf(server.pid);
  const bulk = await sendInBulk(server, day, rest);
  const endS = cpuSecondsOf(server.pid);
  await untilIdle(server.pid, quick ? 1_000 : 3_000, quick ? 3_000 : 60_000);
  return {
    http_samples_per_cpu_s: single / (betweenS - beginS),
    bulk_samples_per_cpu_s: bulk / (endS - betweenS),
    settled_samples_per_cpu_s: (single + bulk) / (cpuSecondsOf(server.pid) - beginS),
  };
}

/** 10,000 series: memory, their last values, and the way back after a kill. */
export function manySeriesFigures(kind: ServerKind, quick: boolean): Promise<Measured> {
  return withDevice(async (dir) => {
    const many = manySeries(quick);
    const server = await startServer(kind, dir);
    try {
      await sendInBulk(server, many, rounds(many));
      await untilIdle(server.pid, quick ? 1_000 : 3_000, quick ? 3_000 : 30_000);
      const rss_mb = rssMbOf(server.pid);
      const path = () => lastValuesPath(kind, many);
      const latencies = await latencyFigures(server, 'q4', quick ? 5 : LAST_VALUES.times, path);
      await server.end('SIGKILL');
      return { figures: { rss_mb, ...latencies, ...(await recovery(kind, dir, many)) }, notes: [] };
    } finally {
      await server.end('SIGKILL');
    }
  });
}

/** Seconds from the start of the program to its first answer, and how many of the samples that it had taken are gone. */
async function recovery(kind: ServerKind, dir: string, many: Scenario): Promise<Record<string, number>> {
  const beginMs = performance.now();
  const server = await launch(kind, dir);
  try {
    await untilAnswers(server, lastValuesPath(kind, many), '"success"');
    const recovery_s = (performance.now() - beginMs) / 1_000;
    const sent = many.series.length * many.steps;
    return { recovery_s, recovery_lost_share: 1 - (await samplesIn(server, many)) / sent };
  } finally {
    await server.end();
  }
}
