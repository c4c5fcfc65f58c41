import type { Series, SeriesSamples } from '@labkeeper/core';

/** Room of a fresh series: what an instant selector looks back over at a scrape every half a minute. */
const FIRST_ROOM = 16;

/** The latest samples of one series that rules read, as columns in memory. */
export class LiveSeries {
  #timesMs = new Float64Array(FIRST_ROOM);
  #values = new Float64Array(FIRST_ROOM);
  #from = 0;
  #to = 0;
  /** The answer that was given last, for as long as it is still right. */
  #given: SeriesSamples | undefined;
  #givenFrom = -1;
  /** Time and value of the newest sample. Read for every series of every rule. */
  newestMs = Number.NEGATIVE_INFINITY;
  newest = Number.NaN;

  /** `keepMs` is how far back behind its newest sample anybody looks. It may grow. */
  constructor(
    readonly series: Series,
    public keepMs: number,
  ) {}

  /** Takes a sample; true when it is the newest. As in the store, the first value of a time stays. Called for every sample that a rule reads. */
  push(timeMs: number, value: number): boolean {
    if (timeMs > this.newestMs) {
      if (this.#to === this.#timesMs.length) this.#makeRoom(timeMs);
      this.#timesMs[this.#to] = timeMs;
      this.#values[this.#to] = value;
      this.#to += 1;
      this.newestMs = timeMs;
      this.newest = value;
      this.#given = undefined;
      return true;
    }
    if (timeMs > this.newestMs - this.keepMs) this.#insert(timeMs, value);
    return false;
  }

  /** Puts what the store knows before the samples that are here. What is not older than they are is known already. */
  prepend(timesMs: Float64Array, values: Float64Array): void {
    const oldestMs =
      this.#to === this.#from ? Number.POSITIVE_INFINITY : (this.#timesMs[this.#from] as number);
    let count = timesMs.length;
    while (count > 0 && (timesMs[count - 1] as number) >= oldestMs) count--;
    if (count === 0) return;
    const kept = this.#to - this.#from;
    const length = Math.max(FIRST_ROOM, count + kept);
    const [allTimes, allValues] = [new Float64Array(length), new Float64Array(length)];
    allTimes.set(timesMs.subarray(0, count));
    allValues.set(values.subarray(0, count));
    allTimes.set(this.#timesMs.subarray(this.#from, this.#to), count);
    allValues.set(this.#values.subarray(this.#from, this.#to), count);
    [this.#timesMs, this.#values, this.#from, this.#to] = [allTimes, allValues, 0, count + kept];
    this.#given = undefined;
    if (kept > 0) return;
    this.newestMs = timesMs[count - 1] as number;
    this.newest = values[count - 1] as number;
  }

  /** Samples with `fromMs ≤ time ≤ toMs`; undefined for none. The columns are good until the next sample. */
  between(fromMs: number, toMs: number): SeriesSamples | undefined {
    const to = this.#after(toMs);
    const from = this.#notBefore(fromMs, to);
    if (from === to) return undefined;
    const isWhole = to === this.#to;
    if (isWhole && this.#given && this.#givenFrom === from) return this.#given;
    const given = {
      series: this.series,
      timesMs: this.#timesMs.subarray(from, to),
      values: this.#values.subarray(from, to),
    };
    if (isWhole) {
      this.#given = given;
      this.#givenFrom = from;
    }
    return given;
  }

  /** Row behind the last one that is not later. Mostly that is the end. */
  #after(toMs: number): number {
    let row = this.#to;
    while (row > this.#from && (this.#timesMs[row - 1] as number) > toMs) row--;
    return row;
  }

  /** First row that is not earlier, by halving: windows may be long. */
  #notBefore(fromMs: number, to: number): number {
    let [low, high] = [this.#from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timesMs[middle] as number) < fromMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A late one, into its place. */
  #insert(timeMs: number, value: number): void {
    const at = this.#notBefore(timeMs, this.#to);
    if (at < this.#to && this.#timesMs[at] === timeMs) return;
    if (this.#to === this.#timesMs.length) {
      this.#makeRoom(this.newestMs);
      return this.#insert(timeMs, value);
    }
    this.#timesMs.copyWithin(at + 1, at, this.#to);
    this.#values.copyWithin(at + 1, at, this.#to);
    this.#timesMs[at] = timeMs;
    this.#values[at] = value;
    this.#to += 1;
    this.#given = undefined;
  }

  /** Drops what nobody looks back to; where that frees less than a half, the columns double. */
  #makeRoom(newestMs: number): void {
    const from = this.#notBefore(newestMs - this.keepMs, this.#to);
    const kept = this.#to - from;
    const isRoomy = kept * 2 <= this.#timesMs.length;
    const length = isRoomy ? this.#timesMs.length : this.#timesMs.length * 2;
    // New columns in any case: somebody may still read the old ones.
    const [timesMs, values] = [new Float64Array(length), new Float64Array(length)];
    timesMs.set(this.#timesMs.subarray(from, this.#to));
    values.set(this.#values.subarray(from, this.#to));
    this.#timesMs = timesMs;
    this.#values = values;
    this.#from = 0;
    this.#to = kept;
    this.#given = undefined;
  }
}
