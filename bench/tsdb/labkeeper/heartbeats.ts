import { cpuSecondsOf } from '../process-cost.js';
import { hostName, rounds, type Scenario } from '../scenario.js';
import type { Heartbeat } from './heartbeat-reader.js';
import type { StoreProcess } from './process.js';

/** Heartbeats on their way at once: as many hosts report at about the same time. */
const AT_ONCE = 25;
/** Of the rounds, time passes after each: then the journal is synced as it would be. */
const HEADERS = { 'content-type': 'application/json' };

/** The body of one heartbeat. Series are named with the first of each host. */
function heartbeatsOf(
  scenario: Scenario,
  host: number,
  timeMs: number,
  values: Float64Array,
  isFirst: boolean,
): Buffer {
  const { seriesPerHost, series } = scenario;
  const [from, to] = [host * seriesPerHost, (host + 1) * seriesPerHost];
  const heartbeat: Heartbeat = {
    host: hostName(host),
    timeMs,
    ...(isFirst ? { series: series.slice(from, to) } : {}),
    values: Array.from(values.subarray(from, to)),
  };
  return Buffer.from(JSON.stringify(heartbeat));
}

/** Sends a whole scenario, round by round, and lets its time pass. CPU is that of the store's process. */
export async function sendDay(
  store: StoreProcess,
  scenario: Scenario,
): Promise<{ readonly samples: number; readonly cpuS: number }> {
  const { http, pid } = store;
  const beginS = cpuSecondsOf(pid);
  let round = 0;
  for (const { timeMs, values } of rounds(scenario)) {
    await http.post(`/time?to=${timeMs}`, Buffer.alloc(0));
    for (let host = 0; host < scenario.hosts; host += AT_ONCE) {
      const hosts = Array.from(
        { length: Math.min(AT_ONCE, scenario.hosts - host) },
        (_, index) => host + index,
      );
      await Promise.all(
        hosts.map((one) =>
          http.post('/heartbeat', heartbeatsOf(scenario, one, timeMs, values, round === 0), HEADERS),
        ),
      );
    }
    round += 1;
  }
  return { samples: scenario.series.length * scenario.steps, cpuS: cpuSecondsOf(pid) - beginS };
}
