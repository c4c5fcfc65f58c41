import { CompensatedSum } from './compensated-sum.js';

/**
 * Population variance in one pass (Welford's algorithm, compensated), as Prometheus computes it. NaN before the first value.
 * Reusable through {@link reset}; no allocation per value. For stdvar and stddev, over time and as aggregations.
 */
export class RunningVariance {
  #count = 0;
  readonly #mean = new CompensatedSum();
  readonly #squares = new CompensatedSum();

  reset(): void {
    this.#count = 0;
    this.#mean.reset();
    this.#squares.reset();
  }

  add(value: number): void {
    this.#count++;
    const distance = value - this.#mean.value;
    this.#mean.add(distance / this.#count);
    this.#squares.add(distance * (value - this.#mean.value));
  }

  get value(): number {
    return this.#squares.value / this.#count;
  }
}
