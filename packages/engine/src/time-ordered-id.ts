import { randomBytes } from 'node:crypto';
import type { Clock } from '@labkeeper/core';

const MAX_PER_MS = 0xfff;

/**
 * Makes UUIDs of version 7 (RFC 9562): sorted as texts they are in the order in which they were made, also within one
 * millisecond and when the clock is set back, as long as the process lives.
 */
export function timeOrderedIds(clock: Clock): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const nowMs = Math.floor(clock.now());
    if (nowMs > lastMs) [lastMs, counter] = [nowMs, 0];
    else if (counter < MAX_PER_MS) counter += 1;
    // More than 4,096 within a millisecond borrow from the next one.
    else [lastMs, counter] = [lastMs + 1, 0];
    const time = lastMs.toString(16).padStart(12, '0');
    const random = randomBytes(8);
    random[0] = ((random[0] as number) & 0x3f) | 0x80;
    const tail = random.toString('hex');
    const third = `7${counter.toString(16).padStart(3, '0')}`;
    return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
