import { type Clock, describeError, type Logger } from '@labkeeper/core';
import { backOffMs } from '../instances/back-off.js';

const FIRST_PAUSE_MS = 1_000;
/** So long a store that is back goes unnoticed. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Writes what must be written, however long the store is away: tries again until it is done or the engine stops. What is
 * then not written is only the note that a message has arrived; it will arrive once more, with the same id.
 */
export class KeepWriting {
  readonly #stopped = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Resolves with true when it is written, with false when the engine stopped first. Never rejects. */
  async write(work: () => Promise<unknown>): Promise<boolean> {
    for (let failures = 1; ; failures++) {
      try {
        await work();
        return true;
      } catch (error) {
        if (this.#stopped.signal.aborted) return false;
        const pauseMs = backOffMs(failures, { firstMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS });
        this.log.error('the outbox cannot be written; trying again', {
          reason: describeError(error),
          againInMs: pauseMs,
        });
        await this.clock.sleep(pauseMs, this.#stopped.signal).catch(() => undefined);
      }
    }
  }

  stop(): void {
    this.#stopped.abort();
  }
}
