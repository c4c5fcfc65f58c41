import type { SeriesSamples } from '@labkeeper/core';
import { StepWalker } from './step-walker.js';
import type { TimeBins } from './time-bins.js';

/** Means of a gauge per bin. See {@link StepWalker} for what a sample counts for. */
export class GaugeBins {
  readonly #walker: StepWalker;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor(bins: TimeBins) {
    this.#walker = new StepWalker(bins);
    this.#sums = new Float64Array(bins.count);
    this.#counts = new Uint32Array(bins.count);
  }

  /** The next piece of the one series these bins are about. */
  add(piece: Pick<SeriesSamples, 'timesMs' | 'values'>): void {
    this.#walker.walk(piece, (bin, value) => {
      this.#sums[bin] = (this.#sums[bin] as number) + value;
      this.#counts[bin] = (this.#counts[bin] as number) + 1;
    });
  }

  /** The mean of each bin, NaN where there is none. */
  means(): Float64Array {
    return this.#sums.map((sum, bin) => sum / (this.#counts[bin] as number));
  }
}
