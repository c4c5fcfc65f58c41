import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@labkeeper/core';

/** Work that holds the event loop for longer than this lets others have a turn. Half of what one notices in a request. */
const LONGEST_STRETCH_MS = 8;

/** Lets long work pause now and then. */
export class Breather {
  #sinceMs: number;

  constructor(private readonly clock: Clock) {
    this.#sinceMs = clock.monotonicMs();
  }

  /** True when it is time for {@link breathe}. Cheap; asked after every piece of work of at most some milliseconds. */
  get isTired(): boolean {
    return this.clock.monotonicMs() - this.#sinceMs > LONGEST_STRETCH_MS;
  }

  async breathe(): Promise<void> {
    await setImmediate();
    this.#sinceMs = this.clock.monotonicMs();
  }
}
