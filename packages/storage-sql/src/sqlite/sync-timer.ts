import { type Clock, describeError, type Logger, type Timer } from '@labkeeper/core';

/**
 * Bounds what a power cut can take: some time after the first append that was not synced, it syncs. Any synced commit in
 * between would have done as well, but knowing of it is not worth the trouble: it is one small write in the span.
 */
export class SyncTimer {
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(
    private readonly parts: {
      readonly clock: Clock;
      readonly log: Logger;
      readonly withinMs: number;
      readonly sync: () => Promise<void>;
    },
  ) {}

  /** Something was written that is not synced. */
  note(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.parts.clock.setTimer(() => {
      this.#timer = undefined;
      void this.#sync();
    }, this.parts.withinMs);
  }

  /** Leaves no timer. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #sync(): Promise<void> {
    try {
      await this.parts.sync();
    } catch (error) {
      this.parts.log.warn('samples could not be synced to disk', { reason: describeError(error) });
    }
  }
}
