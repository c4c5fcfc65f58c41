import type { Clock, Timer } from '@labkeeper/core';

/** One thing is told of at most this often. A check that runs ten times a second is of no more use to an eye. */
const QUIET_MS = 1_000;

/** How often things whose quiet time is over are looked for. The most a change is late by, on top of the quiet time. */
const FLUSH_INTERVAL_MS = 250;

/**
 * Lets the first change of a thing through at once and the last one of each second after that. What is between is left
 * out: whoever is told reads the present state anyway.
 */
export class ChangeGate<Key extends string> {
  readonly #toldMs = new Map<Key, number>();
  readonly #waiting = new Set<Key>();
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (key: Key) => void,
  ) {}

  changed(key: Key): void {
    if (this.#waiting.has(key)) return;
    if (this.#isQuiet(key)) this.#waiting.add(key);
    else this.#tellNow(key);
    this.#timer ??= this.clock.setTimer(() => this.#flush(), FLUSH_INTERVAL_MS);
  }

  /** Forgets everything that waits, and the timer. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting.clear();
    this.#toldMs.clear();
  }

  #isQuiet(key: Key): boolean {
    const toldMs = this.#toldMs.get(key);
    return toldMs !== undefined && this.clock.monotonicMs() - toldMs < QUIET_MS;
  }

  #tellNow(key: Key): void {
    this.#waiting.delete(key);
    this.#toldMs.set(key, this.clock.monotonicMs());
    this.tell(key);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const key of this.#waiting) if (!this.#isQuiet(key)) this.#tellNow(key);
    for (const key of this.#toldMs.keys()) if (!this.#isQuiet(key)) this.#toldMs.delete(key);
    // The timer runs only while there is something to be quiet about.
    if (this.#toldMs.size > 0) this.#timer = this.clock.setTimer(() => this.#flush(), FLUSH_INTERVAL_MS);
  }
}
