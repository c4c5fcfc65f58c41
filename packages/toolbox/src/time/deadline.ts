import type { Clock, Timer } from '@labkeeper/core';

/** Waiting was ended from outside. */
export class WaitEnded extends Error {
  override readonly name = 'WaitEnded';

  constructor(readonly reason: 'timeout' | 'aborted') {
    super(reason === 'timeout' ? 'the time is up' : 'told to stop');
  }
}

/**
 * A timer this late, in milliseconds, says that this process was busy and not that the target is slow. A healthy event
 * loop is late by 1 or 2; a collection of garbage or a burst of work by 10.
 */
const BUSY_AFTER_MS = 20;

type Cancel = () => void;

/**
 * The time one request or probe has. When it is up, the event loop first gets to look at its sockets: an answer that has arrived
 * but could not be read yet is an answer. A process that was busy gives the target back the time it took from it, at
 * most the time-out once more, so overload makes checks late and never wrong.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #timer: Timer;
  #dueMs: number;
  #grantableMs: number;
  #ended: WaitEnded | undefined;
  #onEnd: ((reason: WaitEnded) => void) | undefined;

  constructor(setup: { clock: Clock; timeoutMs: number; signal?: AbortSignal | undefined }) {
    this.#clock = setup.clock;
    this.#signal = setup.signal;
    this.#grantableMs = setup.timeoutMs;
    this.#dueMs = setup.clock.monotonicMs() + setup.timeoutMs;
    this.#timer = setup.clock.setTimer(this.#onTimer, setup.timeoutMs);
    if (this.#signal?.aborted) this.#end('aborted');
    else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Waits for one step. `begin` starts it and returns how to cancel it, which is called when the time is up first; the
   * step then rejects with {@link WaitEnded}. One step at a time.
   */
  guard<Value>(
    begin: (resolve: (value: Value) => void, reject: (error: unknown) => void) => Cancel,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const cancel = begin(resolve, reject);
      this.#onEnd = (reason) => {
        cancel();
        reject(reason);
      };
    });
  }

  /** It is over: no timer and no listener stays. */
  close(): void {
    this.#timer.cancel();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onEnd = undefined;
  }

  readonly #onAbort = () => this.#end('aborted');

  readonly #onTimer = () => {
    const lateMs = this.#clock.monotonicMs() - this.#dueMs;
    const grantedMs = lateMs > BUSY_AFTER_MS ? Math.min(lateMs, this.#grantableMs) : 0;
    if (grantedMs > 0) this.#grant(grantedMs);
    // Timers run before sockets are looked at; an immediate runs after.
    else setImmediate(() => this.#end('timeout'));
  };

  #grant(ms: number): void {
    this.#grantableMs -= ms;
    this.#dueMs = this.#clock.monotonicMs() + ms;
    this.#timer = this.#clock.setTimer(this.#onTimer, ms);
  }

  #end(reason: WaitEnded['reason']): void {
    this.#ended ??= new WaitEnded(reason);
    this.#onEnd?.(this.#ended);
  }
}
