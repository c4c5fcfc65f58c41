import type { RangeSpan } from '../evaluate-options.js';
import { PromqlError } from '../promql-error.js';
import { newColumn } from './blocks/columns-arena.js';
import { type RangeVector, sizeOf, type Value, type VectorBlock } from './blocks/values.js';
import { Annotations } from './notes/annotations.js';
import type { Grid } from './program/grid.js';
import type { LoadedSelection } from './selectors/load-selections.js';
import type { Outcome } from './turns.js';

/** One step of a compiled expression: takes the values of its operands from their slots and gives its own. */
export interface Operation {
  /** In which of the program's scopes it is evaluated. */
  readonly scope: number;
  evaluate(run: Run): Outcome;
}

export interface RunInputs {
  /** What was asked for; the step is 0 for an instant query. */
  readonly span: RangeSpan;
  /** One for each scope of the program; the first is the query's own. */
  readonly grids: readonly Grid[];
  /** One for each selector of the program. */
  readonly loaded: readonly LoadedSelection[];
  readonly lookbackMs: number;
  readonly samplesRead: number;
  readonly maxSamples: number;
}

/** One evaluation of a compiled expression. */
export class Run {
  readonly notes = new Annotations();
  readonly #slots: (Value | undefined)[] = [];
  #heldSamples: number;
  /** Of operands that were taken and of columns that were reserved by the operation that is at work. */
  #samplesAtWork = 0;

  constructor(readonly inputs: RunInputs) {
    this.#heldSamples = inputs.samplesRead;
  }

  get isRange(): boolean {
    return this.inputs.span.stepMs > 0;
  }

  gridOf({ scope }: Operation): Grid {
    return this.inputs.grids[scope] as Grid;
  }

  /** A column for the result of the operation that is at work. Throws PromqlError when the query holds too much. */
  reserve(length: number): Float64Array {
    this.hold(length);
    return newColumn(length);
  }

  /** Counts what the operation that is at work holds until it ends, beside its columns. Throws as {@link reserve} does. */
  hold(samples: number): void {
    this.checkRoom(samples);
    this.#heldSamples += samples;
    this.#samplesAtWork += samples;
  }

  /** Counts what stays until the query ends. Throws as {@link reserve} does. */
  keep(samples: number): void {
    this.checkRoom(samples);
    this.#heldSamples += samples;
  }

  /** Counts nothing, but throws as {@link reserve} would. For results that grow while nobody knows yet how large they become. */
  checkRoom(samples: number): void {
    const { maxSamples } = this.inputs;
    const wanted = this.#heldSamples + samples;
    if (wanted > maxSamples) throw tooManySamples(wanted, maxSamples);
  }

  /** Ends an operation. Throws as {@link reserve} does. */
  put(slot: number, value: Value): void {
    this.#slots[slot] = value;
    this.#heldSamples += sizeOf(value) - this.#samplesAtWork;
    this.#samplesAtWork = 0;
    this.checkRoom(0);
  }

  /** Each value is taken once, by the one operation whose operand it is, and belongs to it. */
  take(slot: number): Value {
    const value = this.#slots[slot] as Value;
    this.#slots[slot] = undefined;
    this.#samplesAtWork += sizeOf(value);
    return value;
  }

  takeVector(slot: number): VectorBlock {
    return this.take(slot) as VectorBlock;
  }

  takeScalar(slot: number): Float64Array {
    return (this.take(slot) as { values: Float64Array }).values;
  }

  takeRange(slot: number): RangeVector {
    return this.take(slot) as RangeVector;
  }
}

/** The limit of samples, in Prometheus' words. */
export function tooManySamples(found: number, allowed: number): PromqlError {
  const counts = `${found.toLocaleString('en')} samples, ${allowed.toLocaleString('en')} are allowed`;
  return new PromqlError(
    'execution',
    `query processing would load too many samples into memory in query execution: ${counts}`,
  );
}
