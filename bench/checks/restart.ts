import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../e2e/running-host.js';
import { allChecks, type CheckLoad, startBenchHost } from './bench-host.js';

/** A check whose turn is the last of the interval also needs to be done; and a process begins a little after it was asked for. */
const LAST_CHECK_MS = 250;

/** How soon a host is back. */
export interface Restart {
  /** From the start of the process until a connection is accepted. */
  readonly listeningMs: number;
  /** From the start of the process to the first answer over HTTP. */
  readonly answeringMs: number;
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
  const port = await freePort();
  const startedMs = Date.now();
  const listening = connected(port).then(() => Date.now() - startedMs);
  const second = await startBenchHost(load, { dataDir: first.dataDir, port });
  const answeringMs = Date.now() - startedMs;
  const listeningMs = await listening;
  try {
    await sleep(intervalMs + LAST_CHECK_MS - (Date.now() - startedMs));
    const checks = await allChecks(second);
    return {
      listeningMs,
      answeringMs,
      checksDone: checks.filter(
        ({ last_run_at }) => last_run_at !== null && Date.parse(last_run_at) >= startedMs,
      ).length,
      notUp: checks.filter(({ status }) => status !== 'up').length,
    };
  } finally {
    await second.end();
  }
}

/** Resolves when somebody accepts a connection on the port. */
async function connected(port: number): Promise<void> {
  const accepted = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  while (!(await accepted())) await sleep(5);
}
