import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processUsage } from '../checks/process-usage.js';

/** Seconds of CPU that a process has used since its start: user and system, all threads. In steps of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  return processUsage(pid).cpuMs / 1_000;
}

/** VmRSS of a process in MB (10^6 bytes): its own memory and the pages of mapped files that it has touched. */
export function rssMbOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1_024) / 1e6;
}

/** Below this share of one core a process counts as idle. */
const IDLE_SHARE = 0.03;
const LOOK_EVERY_MS = 1_000;

/** Waits until a process has been idle for so long, so that work it does behind its answers is over. False when it never was. */
export async function untilIdle(pid: number, quietMs: number, limitMs: number): Promise<boolean> {
  let quietForMs = 0;
  for (let waitedMs = 0; quietForMs < quietMs; waitedMs += LOOK_EVERY_MS) {
    if (waitedMs >= limitMs) return false;
    const before = cpuSecondsOf(pid);
    await sleep(LOOK_EVERY_MS);
    const share = ((cpuSecondsOf(pid) - before) * 1_000) / LOOK_EVERY_MS;
    quietForMs = share <= IDLE_SHARE ? quietForMs + LOOK_EVERY_MS : 0;
  }
  return true;
}
