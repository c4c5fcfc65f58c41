import type { Clock } from '@labkeeper/core';

/** How a piece of foreign work ended. `late`: it has not, and nobody waits for it any longer. */
export type Settled<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'failed'; readonly error: unknown }
  | { readonly outcome: 'late' };

/** Calls `work` and waits for it at most `limitMs`. Never rejects, whatever the work does, also when it throws at once. */
export async function settleWithin<Value>(
  clock: Clock,
  limitMs: number,
  work: () => Promise<Value> | Value,
): Promise<Settled<Value>> {
  const waiting = new AbortController();
  const late = clock.sleep(limitMs, waiting.signal).then(
    () => ({ outcome: 'late' as const }),
    () => ({ outcome: 'late' as const }),
  );
  try {
    return await Promise.race([settled(work), late]);
  } finally {
    waiting.abort();
  }
}

async function settled<Value>(work: () => Promise<Value> | Value): Promise<Settled<Value>> {
  try {
    return { outcome: 'done', value: await work() };
  } catch (error) {
    return { outcome: 'failed', error };
  }
}
