/** A timer that has been set. */
export interface Timer {
  /** Idempotent; after it the callback never runs. */
  cancel(): void;
}

/**
 * Time as a value. The only way to learn the time or to wait, so that tests can push time by hand.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump when the machine's time is set; never measure with it. */
  now(): number;
  /** Milliseconds from an unspecified start, with fractions. Never goes back; for measuring how long something took. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs` (at least). A delay beyond 24.8 days is legal. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason as soon as the signal aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
