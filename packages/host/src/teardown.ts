import { type Clock, describeError, type Logger } from '@labkeeper/core';

interface Step {
  readonly name: string;
  readonly limitMs: number;
  close(): Promise<void>;
}

/** What has been opened, to be closed in the reverse order. One step that fails or hangs keeps no later one from its turn. */
export class Teardown {
  readonly #steps: Step[] = [];
  readonly #clock: Clock;
  readonly #log: Logger;
  #running: Promise<void> | undefined;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** After `limitMs` the next step goes on without waiting for this one. */
  add(name: string, limitMs: number, close: () => Promise<void>): void {
    this.#steps.push({ name, limitMs, close });
  }

  /** Closes everything. Idempotent; never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#closeAll();
    return this.#running;
  }

  async #closeAll(): Promise<void> {
    for (const step of this.#steps.reverse()) await this.#close(step);
  }

  async #close({ name, limitMs, close }: Step): Promise<void> {
    const waiting = new AbortController();
    const late = this.#clock.sleep(limitMs, waiting.signal).then(
      () => this.#log.warn('Closing takes too long; going on.', { part: name, limitMs }),
      () => undefined,
    );
    const closed = close().catch((error: unknown) =>
      this.#log.error('Closing failed.', { part: name, error: describeError(error) }),
    );
    await Promise.race([closed, late]);
    waiting.abort();
  }
}
