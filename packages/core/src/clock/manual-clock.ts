import type { Clock, Timer } from '../contract/clock.js';
import { sleepWith } from './system-clock.js';

interface PendingTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Turns of the event loop given to promises after each timer, so that what it started gets somewhere. */
const SETTLING_TURNS = 3;

/**
 * Time that stands still until a test pushes it. Timers run in the order of their times; between two of them promises
 * and the event loop get their turns.
 */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Set<PendingTimer>();

  /** Starts at `startMs`, by default 2026-01-01T00:00:00Z. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = startMs;
  }

  now = (): number => this.#wallMs;

  monotonicMs = (): number => this.#monotonicMs;

  setTimer = (callback: () => void, delayMs: number): Timer => {
    const timer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  };

  sleep = (delayMs: number, signal?: AbortSignal): Promise<void> => sleepWith(this.setTimer, delayMs, signal);

  /** How many timers are set; for tests that nothing is left behind. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass. Resolves when every timer due on the way has run and its promises have settled. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#earliest(); next && next.dueMs <= endMs; next = this.#earliest()) {
      this.#moveTo(Math.max(next.dueMs, this.#monotonicMs));
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#moveTo(endMs);
    await settle();
  }

  /** Somebody sets the machine's clock: only the wall time changes. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }

  /**
   * The machine sleeps: both times leap, and timers that were due meanwhile fire late, all at the end.
   * (On Linux the monotonic clock stands still during sleep; a leap is the harder case, and what a frozen VM sees.)
   */
  async sleepMachine(ms: number): Promise<void> {
    this.#moveTo(this.#monotonicMs + ms);
    await this.advance(0);
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #earliest(): PendingTimer | undefined {
    let earliest: PendingTimer | undefined;
    for (const timer of this.#timers) {
      const isEarlier =
        !earliest ||
        timer.dueMs < earliest.dueMs ||
        (timer.dueMs === earliest.dueMs && timer.order < earliest.order);
      if (isEarlier) earliest = timer;
    }
    return earliest;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
