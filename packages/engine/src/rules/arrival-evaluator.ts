import type { Clock, Timer } from '@labkeeper/core';
import type { GroupEvaluator } from './group-evaluator.js';
import type { RecentSamples } from './recent/recent-samples.js';

/** Samples that arrive together are looked at together. */
const GATHER_MS = 5;
/**
 * Evaluations on arrival take at most one part in so many of the time: with ten thousand samples a second rules are looked at less often,
 * and everything else goes on.
 */
const SHARE_OF_TIME = 20;

interface ArrivalParts {
  readonly clock: Clock;
  readonly recent: RecentSamples;
  readonly evaluators: () => readonly GroupEvaluator[];
}

/** Evaluates alerting rules when a sample that they read arrives, so that nobody waits for the next interval. */
export class ArrivalEvaluator {
  #timer: Timer | undefined;
  #notBeforeMs = 0;
  #isStopped = false;

  constructor(private readonly parts: ArrivalParts) {}

  /** Something new is there. Called by {@link RecentSamples}, once until somebody has looked. */
  readonly touched = (): void => {
    if (this.#isStopped || this.#timer) return;
    const waitMs = Math.max(GATHER_MS, this.#notBeforeMs - this.parts.clock.monotonicMs());
    this.#timer = this.parts.clock.setTimer(() => {
      this.#timer = undefined;
      this.#look();
    }, waitMs);
  };

  /** Leaves no timer. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #look(): void {
    const { clock, recent, evaluators } = this.parts;
    const startMs = clock.monotonicMs();
    const touched = recent.takeTouched();
    for (const evaluator of evaluators()) evaluator.evaluateTouched(touched, Math.round(clock.now()));
    this.#notBeforeMs = clock.monotonicMs() + (clock.monotonicMs() - startMs) * SHARE_OF_TIME;
    // What rules have written meanwhile has told nobody.
    if (recent.isTouched) this.touched();
  }
}
