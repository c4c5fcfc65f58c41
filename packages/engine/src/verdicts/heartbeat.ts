import type { Clock, Timer } from '@labkeeper/core';

/**
 * How often the engine looks at the clock. It finds standstills of about this length and longer; at four wake-ups of some
 * 20 µs a second nobody notices the cost.
 */
const BEAT_MS = 250;
/** A timer of a healthy process is late by a few milliseconds; less than this is no standstill. */
const USUAL_LATENESS_MS = 20;
/** Beats that were late are remembered for this long, which is longer than any deadline that makes sense for a check. */
const REMEMBERED_MS = 300_000;

/**
 * The engine's one timer. Because it knows when it should have rung, it also knows for how long the process stood still:
 * an event loop that was blocked or starved must never pass for a target that does not answer.
 */
export class Heartbeat {
  readonly #standstills: { readonly atMs: number; readonly lengthMs: number }[] = [];
  #timer: Timer | undefined;
  #lastMs: number;
  #awakeMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onBeat: () => void,
  ) {
    this.#lastMs = clock.monotonicMs();
  }

  /** How long this process was awake since the start: it does not grow while the machine sleeps. */
  get awakeMs(): number {
    return this.#awakeMs;
  }

  start(): void {
    this.#lastMs = this.clock.monotonicMs();
    this.#timer ??= this.clock.setTimer(this.#beat, BEAT_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** For how many milliseconds since `sinceMonotonicMs` this process did nothing, though it should have. */
  standstillSince(sinceMonotonicMs: number): number {
    // The beat that is due and has not come yet is part of it: whoever asks may be ahead of it in the queue.
    let totalMs = this.#overdueMs(this.clock.monotonicMs());
    for (const { atMs, lengthMs } of this.#standstills) {
      if (atMs > sinceMonotonicMs) totalMs += Math.min(lengthMs, atMs - sinceMonotonicMs);
    }
    return totalMs;
  }

  readonly #beat = (): void => {
    const nowMs = this.clock.monotonicMs();
    const lengthMs = this.#overdueMs(nowMs);
    if (lengthMs > 0) this.#standstills.push({ atMs: nowMs, lengthMs });
    while ((this.#standstills[0]?.atMs ?? nowMs) < nowMs - REMEMBERED_MS) this.#standstills.shift();
    this.#awakeMs += Math.min(nowMs - this.#lastMs, 2 * BEAT_MS);
    this.#lastMs = nowMs;
    this.#timer = this.clock.setTimer(this.#beat, BEAT_MS);
    this.onBeat();
  };

  #overdueMs(nowMs: number): number {
    const lateMs = nowMs - this.#lastMs - BEAT_MS;
    return lateMs > USUAL_LATENESS_MS ? lateMs : 0;
  }
}
