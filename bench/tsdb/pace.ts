import { setTimeout as sleep } from 'node:timers/promises';
import { rounds, type Scenario } from './scenario.js';

/** One host's samples of one step. `values` belongs to the generator and is filled again for the next round. */
export interface Heartbeat {
  readonly host: number;
  readonly timeMs: number;
  readonly values: Float64Array;
}

/** Sends the heartbeats of a scenario as fast as its clock would: each host once a step, evenly spread. Returns how many samples that were. */
export async function atTruePace(
  scenario: Scenario,
  seconds: number,
  send: (heartbeat: Heartbeat) => Promise<void>,
): Promise<number> {
  const beginMs = performance.now();
  const gapMs = scenario.stepMs / scenario.hosts;
  let sent = 0;
  for (const { timeMs, values } of rounds(scenario)) {
    for (let host = 0; host < scenario.hosts; host++) {
      if (sent * gapMs >= seconds * 1_000) return sent * scenario.seriesPerHost;
      await sleep(Math.max(0, beginMs + sent * gapMs - performance.now()));
      await send({ host, timeMs, values });
      sent++;
    }
  }
  return sent * scenario.seriesPerHost;
}
