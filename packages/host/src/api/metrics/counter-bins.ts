import type { SeriesSamples } from '@labkeeper/core';
import { isGap, pauseAfter } from './sample-gaps.js';
import type { TimeBins } from './time-bins.js';

/** Where a counter stood at the end of a piece. */
interface LastReading {
  readonly timeMs: number;
  readonly value: number;
  /** After the reading before, 0 when there was none. */
  readonly pauseMs: number;
}

const NO_READING: LastReading = { timeMs: Number.NaN, value: Number.NaN, pauseMs: 0 };

/** Samples of one counter: the next piece, in ascending time. */
export interface CounterPiece extends Pick<SeriesSamples, 'timesMs' | 'values'> {
  /** Tells the counters of these bins apart. */
  readonly key: string;
}

/**
 * How fast counters grow, per bin, averaged over all counters that are added: their growth by their seconds.
 * A counter that is lower than before has been reset and has grown from zero since, as in Prometheus.
 */
export class CounterBins {
  readonly #bins: TimeBins;
  readonly #growth: Float64Array;
  readonly #seconds: Float64Array;
  readonly #lastReadings = new Map<string, LastReading>();

  constructor(bins: TimeBins) {
    this.#bins = bins;
    this.#growth = new Float64Array(bins.count);
    this.#seconds = new Float64Array(bins.count);
  }

  /** A month of one counter is 260,000 rows, so the loop makes no objects. */
  add({ key, timesMs, values }: CounterPiece): void {
    let {
      timeMs: lastMs,
      value: lastValue,
      pauseMs: lastPauseMs,
    } = this.#lastReadings.get(key) ?? NO_READING;
    for (let row = 0; row < timesMs.length; row++) {
      const timeMs = timesMs[row] as number;
      const value = values[row] as number;
      const pauseMs = timeMs - lastMs;
      // Not after a staleness mark, which ends what was known, nor before the first reading: then there is nothing to compare.
      const isPair = !Number.isNaN(value) && !Number.isNaN(lastValue);
      if (isPair && !isGap(pauseMs, lastPauseMs, pauseAfter(timesMs, row))) {
        this.#grow(value >= lastValue ? value - lastValue : value, lastMs, timeMs);
      }
      lastPauseMs = isPair ? pauseMs : 0;
      lastMs = timeMs;
      lastValue = value;
    }
    this.#lastReadings.set(key, { timeMs: lastMs, value: lastValue, pauseMs: lastPauseMs });
  }

  /** Growth per second in each bin, NaN where nothing is known. */
  perSecond(): Float64Array {
    return this.#growth.map((growth, bin) => growth / (this.#seconds[bin] as number));
  }

  /** Spreads the growth between two readings evenly over the bins between them. */
  #grow(growth: number, startMs: number, endMs: number): void {
    const { fromMs, stepMs, count } = this.#bins;
    const first = Math.max(0, Math.floor((startMs - fromMs) / stepMs));
    const last = Math.min(count - 1, Math.floor((endMs - fromMs) / stepMs));
    const growthPerMs = growth / (endMs - startMs);
    for (let bin = first; bin <= last; bin++) {
      const shareMs = Math.min(endMs, fromMs + (bin + 1) * stepMs) - Math.max(startMs, fromMs + bin * stepMs);
      this.#growth[bin] = (this.#growth[bin] as number) + growthPerMs * shareMs;
      this.#seconds[bin] = (this.#seconds[bin] as number) + shareMs / 1_000;
    }
  }
}
