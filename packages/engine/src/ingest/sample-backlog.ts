import type { EntityId, SampleBatch, Series } from '@labkeeper/core';

/** Samples as columns, gathered and closed. */
export interface GatheredRows extends SampleBatch {
  readonly entities: ReadonlySet<EntityId>;
}

/** Values that a fresh column has room for: what a small house measures in a second. */
const FIRST_ROOM = 256;

/**
 * Samples as columns, while they are gathered. The values stand in a typed array: a plain one would turn the staleness mark, which is a
 * signalling NaN, into an ordinary NaN.
 */
export class OpenRows {
  readonly #series: Series[] = [];
  readonly #timesMs: number[] = [];
  #values = new Float64Array(FIRST_ROOM);
  readonly entities = new Set<EntityId>();

  get length(): number {
    return this.#series.length;
  }

  push(series: Series, timeMs: number, value: number): void {
    const row = this.#series.length;
    if (row === this.#values.length) this.#grow();
    this.#series.push(series);
    this.#timesMs.push(timeMs);
    this.#values[row] = value;
  }

  /** The rows so far. Nothing may be pushed afterwards. */
  close(): GatheredRows {
    const values = this.#values.subarray(0, this.#series.length);
    return { series: this.#series, timesMs: this.#timesMs, values, entities: this.entities };
  }

  #grow(): void {
    const room = new Float64Array(this.#values.length * 2);
    room.set(this.#values);
    this.#values = room;
  }
}

/**
 * Batches that wait for the store, oldest first, with a bound on their rows. The first one may be on its way to the
 * store: it is never dropped, for it may have arrived.
 */
export class SampleBacklog {
  readonly #batches: GatheredRows[] = [];
  #rows = 0;

  constructor(private readonly maxRows: number) {}

  get rows(): number {
    return this.#rows;
  }

  first(): GatheredRows | undefined {
    return this.#batches[0];
  }

  /** Adds a batch; returns how many rows of the oldest ones had to go for it. */
  push(batch: GatheredRows): number {
    this.#batches.push(batch);
    this.#rows += batch.series.length;
    let dropped = 0;
    while (this.#rows > this.maxRows && this.#batches.length > 2) dropped += this.#take(1);
    return dropped;
  }

  /** Takes the first batch out: it is stored, or never will be. */
  shift(): void {
    this.#take(0);
  }

  #take(index: number): number {
    const count = this.#batches.splice(index, 1)[0]?.series.length ?? 0;
    this.#rows -= count;
    return count;
  }
}
