import type { EntityId, SampleBatch, Series } from '@labkeeper/core';

/** Samples as columns, while they are gathered. */
export interface GatheredRows extends SampleBatch {
  readonly series: Series[];
  readonly timesMs: number[];
  readonly values: number[];
  readonly entities: Set<EntityId>;
}

/** Columns without rows. */
export function emptyRows(): GatheredRows {
  return { series: [], timesMs: [], values: [], entities: new Set() };
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
