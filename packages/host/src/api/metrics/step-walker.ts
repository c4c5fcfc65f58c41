import type { SeriesSamples } from '@labkeeper/core';
import { isGap, pauseAfter } from './sample-gaps.js';
import { binOf, type TimeBins } from './time-bins.js';

/**
 * Walks over the samples of one series and says which bins each is about: the bin it lies in, and the empty ones until
 * the next sample, where it still holds; over a gap nothing holds. Takes the samples in pieces, in ascending time, so
 * that a long span needs little memory.
 */
export class StepWalker {
  #lastMs = Number.NaN;
  #lastValue = Number.NaN;
  #lastPauseMs = 0;

  constructor(private readonly bins: TimeBins) {}

  /** The next piece. Staleness marks and other NaN count as no sample. */
  walk(
    { timesMs, values }: Pick<SeriesSamples, 'timesMs' | 'values'>,
    put: (bin: number, value: number) => void,
  ): void {
    for (let row = 0; row < timesMs.length; row++) {
      const timeMs = timesMs[row] as number;
      const pauseMs = timeMs - this.#lastMs;
      const isSparse = pauseMs > this.bins.stepMs && !Number.isNaN(this.#lastValue);
      if (isSparse && !isGap(pauseMs, this.#lastPauseMs, pauseAfter(timesMs, row))) {
        this.#holdUntil(timeMs, put);
      }
      this.#lastPauseMs = Number.isNaN(pauseMs) ? 0 : pauseMs;
      this.#lastMs = timeMs;
      this.#lastValue = values[row] as number;
      const bin = binOf(this.bins, timeMs);
      if (bin >= 0 && !Number.isNaN(this.#lastValue)) put(bin, this.#lastValue);
    }
  }

  #holdUntil(timeMs: number, put: (bin: number, value: number) => void): void {
    const { fromMs, stepMs, count } = this.bins;
    const first = Math.max(0, Math.floor((this.#lastMs - fromMs) / stepMs) + 1);
    const end = Math.min(count, Math.floor((timeMs - fromMs) / stepMs));
    for (let bin = first; bin < end; bin++) put(bin, this.#lastValue);
  }
}
