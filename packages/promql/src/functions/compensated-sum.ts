/**
 * What floating point lost when `value` was added to `sum` and gave `total` (Neumaier's variant of Kahan's algorithm). 0 once the total
 * is infinite or NaN: nothing can be repaired there. For sums kept in columns; {@link CompensatedSum} keeps a single one.
 * Called for every sample that is summed.
 */
export function lostInSum(sum: number, value: number, total: number): number {
  // The smaller of the two is the one that lost digits.
  return Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
}

/**
 * A sum that keeps the digits which a plain one loses: 1 + 1e100 + 1 - 1e100 is 2. As Prometheus sums, infinities and NaN included.
 * Reusable through {@link reset}; no allocation per value. Used by functions over windows and by aggregations.
 */
export class CompensatedSum {
  /** Without the compensation. */
  plain = 0;
  /** To be added to `plain`. */
  compensation = 0;

  reset(): void {
    this.plain = 0;
    this.compensation = 0;
  }

  add(value: number): void {
    const total = this.plain + value;
    if (Number.isFinite(total)) this.compensation += lostInSum(this.plain, value, total);
    // An infinite sum minus itself would be NaN: what was lost before no longer matters.
    else this.compensation = 0;
    this.plain = total;
  }

  get value(): number {
    return this.plain + this.compensation;
  }
}
