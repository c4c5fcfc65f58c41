import type { AppendOutcome, Series } from '@labkeeper/core';
import type { SampleTarget } from './sample-ports.js';

/** Rows of one call: enough that the call costs little beside them, few enough that a store writes them in one go. */
const BATCH_ROWS = 10_000;

/** Gathers rows and hands them to the store in batches. */
export class RowBatch {
  readonly #target: SampleTarget;
  #series: Series[] = [];
  readonly #timesMs = new Float64Array(BATCH_ROWS);
  readonly #values = new Float64Array(BATCH_ROWS);
  #rows = 0;
  #samples = 0;
  readonly #outcome = { kept: 0, conflicting: 0, tooOld: 0 };

  constructor(target: SampleTarget) {
    this.#target = target;
  }

  /** Once it is, {@link flush} before the next row. */
  get isFull(): boolean {
    return this.#rows === BATCH_ROWS;
  }

  /** Rows so far, and what became of those that were handed over. */
  get outcome(): AppendOutcome & { readonly samples: number } {
    return { samples: this.#samples, ...this.#outcome };
  }

  add(series: Series, timeMs: number, value: number): void {
    this.#series.push(series);
    this.#timesMs[this.#rows] = timeMs;
    this.#values[this.#rows] = value;
    this.#rows += 1;
    this.#samples += 1;
  }

  /** Many rows of one series. Columns are copied as bytes, so that a NaN keeps its payload. */
  async addColumn(series: Series, timesMs: Float64Array, values: Float64Array): Promise<void> {
    for (let row = 0; row < values.length; ) {
      if (this.isFull) await this.flush();
      const end = Math.min(values.length, row + BATCH_ROWS - this.#rows);
      this.#timesMs.set(timesMs.subarray(row, end), this.#rows);
      this.#values.set(values.subarray(row, end), this.#rows);
      for (let copied = row; copied < end; copied++) this.#series.push(series);
      this.#rows += end - row;
      this.#samples += end - row;
      row = end;
    }
  }

  /** The store may keep the columns after the call, so it gets its own. */
  async flush(): Promise<void> {
    if (this.#rows === 0) return;
    const batch = {
      series: this.#series,
      timesMs: this.#timesMs.slice(0, this.#rows),
      values: this.#values.slice(0, this.#rows),
    };
    this.#series = [];
    this.#rows = 0;
    const { kept, conflicting, tooOld } = await this.#target.append(batch, { backfill: true });
    this.#outcome.kept += kept;
    this.#outcome.conflicting += conflicting;
    this.#outcome.tooOld += tooOld;
  }
}
