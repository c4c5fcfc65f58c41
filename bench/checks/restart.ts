import { setTimeout as sleep } from 'node:timers/promises';
import { allChecks, type CheckLoad, startBenchHost } from './bench-host.js';

/** How soon a host is back. */
export interface Restart {
  /** From the start of the process to the first answer over HTTP. */
  readonly listeningMs: number;
  /** Checks that had run once more when one interval had passed. */
  readonly checksDone: number;
  /** Checks that counted as something else than up at any time until then. */
  readonly notUp: number;
}

/** Runs a host for one interval, ends it, and starts it again on the same data. */
export async function runRestart(load: CheckLoad, intervalMs: number): Promise<Restart> {
  const first = await startBenchHost(load);
  await sleep(intervalMs);
  await first.end();
  const startedMs = Date.now();
  const second = await startBenchHost(load, { dataDir: first.dataDir });
  const listeningMs = Date.now() - startedMs;
  try {
    await sleep(intervalMs - (Date.now() - startedMs));
    const checks = await allChecks(second);
    return {
      listeningMs,
      checksDone: checks.filter(
        ({ last_run_at }) => last_run_at !== null && Date.parse(last_run_at) >= startedMs,
      ).length,
      notUp: checks.filter(({ status }) => status !== 'up').length,
    };
  } finally {
    await second.end();
  }
}
