import type { Run } from '../run.js';
import type { SeriesIdentity } from './series-identity.js';
import { type VectorBlock, vectorBlock } from './values.js';

/**
 * Makes a block row by row. The values of the next row go to `values[offset + step]`, and 1 to `flags[step]` where there is one;
 * a row without any is written over by the next.
 */
export class BlockBuilder {
  readonly values: Float64Array;
  flags: Uint8Array;
  offset = 0;
  #present: Uint8Array | undefined;
  readonly #series: SeriesIdentity[] = [];
  readonly #offered: readonly SeriesIdentity[];

  /** `offered` are the series that may come, in their order. */
  constructor(
    run: Run,
    offered: readonly SeriesIdentity[],
    readonly steps: number,
  ) {
    this.#offered = offered;
    this.values = run.reserve(offered.length * steps);
    this.flags = flagsFor(steps);
  }

  /** Before others have their turn within a row: its flags are no longer shared. */
  interruptRow(): void {
    if (this.flags === flags) this.flags = flags.slice(0, this.steps);
  }

  /** Ends the row. `found` is how many values it has. */
  endRow(series: SeriesIdentity, found: number): void {
    if (found === 0) return;
    if (found < this.steps) this.#present ??= this.#allPresent();
    if (this.#present) this.#markRow(this.#present, found);
    this.#series.push(series);
    this.offset += this.steps;
  }

  build(): VectorBlock {
    const isWhole = this.#series.length === this.#offered.length;
    // The same array as was offered, when nothing is missing: caches further on recognise it.
    const series = isWhole ? this.#offered : this.#series;
    const values = isWhole ? this.values : this.values.subarray(0, this.offset);
    return vectorBlock(series, this.steps, values, this.#present?.subarray(0, this.offset));
  }

  #markRow(present: Uint8Array, found: number): void {
    if (found < this.steps) present.set(this.flags.subarray(0, this.steps), this.offset);
    else present.fill(1, this.offset, this.offset + this.steps);
  }

  #allPresent(): Uint8Array {
    const present = new Uint8Array(this.values.length);
    return present.fill(1, 0, this.offset);
  }
}

/** Shared by all builders: a row is begun and ended within one turn, or takes flags of its own. */
let flags = new Uint8Array(512);

function flagsFor(steps: number): Uint8Array {
  if (flags.length < steps) flags = new Uint8Array(steps);
  return flags;
}
