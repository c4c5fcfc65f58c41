/** Rows for which memory is kept: heartbeats have some hundred, and what is larger comes seldom. */
const MOST_KEPT = 4_096;

/**
 * A plain array as a column, in memory that is used again: outside of the heap, where typed arrays are, many small pieces cost more than what
 * is in them.
 */
export class ReusedColumn {
  #room = new Float64Array(64);

  /**
   * The numbers in front of a column that may be longer; valid until the next call. A Float64Array is given back as it is, bit for bit; a plain
   * array holds what its maker left of a NaN. Called once per batch.
   */
  of(numbers: ArrayLike<number>): Float64Array {
    if (numbers instanceof Float64Array) return numbers;
    if (numbers.length > MOST_KEPT) return new Float64Array(numbers);
    if (numbers.length > this.#room.length) this.#room = new Float64Array(numbers.length * 2);
    this.#room.set(numbers);
    return this.#room;
  }
}
