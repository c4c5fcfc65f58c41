import type { Clock, Timer } from '../contract/clock.js';

/** Node's timers count in 32 signed bits; a longer delay would fire at once. It is waited for in pieces of this length. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The machine's time. One per process, made where the program is put together. */
export function systemClock(): Clock {
  return { now: Date.now, monotonicMs: () => performance.now(), setTimer, sleep };
}

function setTimer(callback: () => void, delayMs: number): Timer {
  let handle: NodeJS.Timeout;
  const wait = (restMs: number) => {
    const pieceMs = Math.min(Math.max(0, restMs), LONGEST_DELAY_MS);
    // Referenced on purpose: a program that waits for a timer is not finished. Whoever sets one must cancel it to end.
    handle = setTimeout(() => (restMs > pieceMs ? wait(restMs - pieceMs) : callback()), pieceMs);
  };
  wait(delayMs);
  return { cancel: () => clearTimeout(handle) };
}

function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return sleepWith(setTimer, delayMs, signal);
}

/** Sleeping in terms of timers; shared by all clocks. */
export function sleepWith(
  timer: Clock['setTimer'],
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      pending.cancel();
      reject(signal?.reason as Error);
    };
    const pending = timer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
