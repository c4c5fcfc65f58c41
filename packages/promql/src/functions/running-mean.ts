import { CompensatedSum } from './compensated-sum.js';

/**
 * An average as Prometheus computes it: the compensated sum divided by the count, which is the more exact way; and from the value on with
 * which the sum would pass the largest double, a mean that moves with each value. NaN before the first value.
 * Reusable through {@link reset}; no allocation per value. For avg_over_time and the aggregation avg.
 */
export class RunningMean {
  #count = 0;
  /** The sum, or the mean itself once the sum would have overflowed. */
  readonly #total = new CompensatedSum();
  #isMoving = false;

  reset(): void {
    this.#count = 0;
    this.#total.reset();
    this.#isMoving = false;
  }

  add(value: number): void {
    this.#count++;
    if (this.#isMoving) this.#move(value);
    // The first value is taken as it is: an infinite one is no overflow.
    else if (this.#count === 1) this.#total.plain = value;
    else this.#addOrMove(value);
  }

  get value(): number {
    const { plain, compensation, value } = this.#total;
    // Divided apart, as the sum of both might pass the largest double.
    return this.#isMoving ? value : plain / this.#count + compensation / this.#count;
  }

  #addOrMove(value: number): void {
    if (Math.abs(this.#total.plain + value) !== Number.POSITIVE_INFINITY) {
      this.#total.add(value);
      return;
    }
    this.#isMoving = true;
    this.#total.plain /= this.#count - 1;
    this.#total.compensation /= this.#count - 1;
    this.#move(value);
  }

  #move(value: number): void {
    const weightOfMean = (this.#count - 1) / this.#count;
    this.#total.plain *= weightOfMean;
    this.#total.compensation *= weightOfMean;
    this.#total.add(value / this.#count);
  }
}
