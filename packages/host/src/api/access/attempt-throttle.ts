import type { Clock } from '@labkeeper/core';

/** Addresses that are remembered. Beyond it the oldest window is forgotten: memory stays bounded whoever knocks. */
const MAX_ADDRESSES = 10_000;

interface Window {
  readonly endsAtMs: number;
  failures: number;
}

/** Counts what failed, per address and window of time; says when an address has to wait. */
export class AttemptThrottle {
  readonly #windows = new Map<string, Window>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: { readonly failures: number; readonly windowMs: number },
  ) {}

  /** How long this address has to wait, 0 when it need not. */
  waitMs(address: string): number {
    const window = this.#windows.get(address);
    const restMs = window ? window.endsAtMs - this.clock.monotonicMs() : 0;
    return window && restMs > 0 && window.failures >= this.limits.failures ? restMs : 0;
  }

  fail(address: string): void {
    const nowMs = this.clock.monotonicMs();
    const window = this.#windows.get(address);
    if (window && window.endsAtMs > nowMs) {
      window.failures += 1;
      return;
    }
    // Set anew, so that the map is in the order in which windows end.
    this.#windows.delete(address);
    this.#windows.set(address, { endsAtMs: nowMs + this.limits.windowMs, failures: 1 });
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > MAX_ADDRESSES && oldest !== undefined) this.#windows.delete(oldest);
  }

  /** Somebody there knows a key after all. */
  succeed(address: string): void {
    this.#windows.delete(address);
  }
}
