import type { Moments } from '../program/grid.js';
import type { SeriesIdentity } from './series-identity.js';

/**
 * An instant vector at every step of its grid, series by series: the value of series `row` at step `step` is
 * `values[row * steps + step]`. Whoever takes a block from its slot owns it and may change its columns in place.
 */
export interface VectorBlock {
  readonly kind: 'vector';
  readonly series: readonly SeriesIdentity[];
  readonly steps: number;
  readonly values: Float64Array;
  /**
   * 1 where there is a value, in the same places; absence is not NaN, which is a value. Undefined: there is one everywhere.
   * Every series has at least one.
   */
  readonly present: Uint8Array | undefined;
}

/** A number at every step. Never changed: literals give the same columns every time. */
export interface ScalarColumn {
  readonly kind: 'scalar';
  readonly values: Float64Array;
}

export interface TextValue {
  readonly kind: 'string';
  readonly value: string;
}

/** The samples of one series, ascending in time, without staleness marks. */
export interface Columns {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** A range vector: samples, and the windows over them, one for each step. A window ends at its moment and is open at its start. */
export interface RangeVector {
  readonly kind: 'matrix';
  readonly series: readonly SeriesIdentity[];
  readonly columns: readonly Columns[];
  readonly rangeMs: number;
  readonly ends: Moments;
}

export type Value = VectorBlock | ScalarColumn | TextValue | RangeVector;

export function vectorBlock(
  series: readonly SeriesIdentity[],
  steps: number,
  values: Float64Array,
  present?: Uint8Array,
): VectorBlock {
  return { kind: 'vector', series, steps, values, present };
}

/** How many numbers a value holds in memory, for the limit. */
export function sizeOf(value: Value): number {
  if (value.kind === 'matrix') return value.columns.reduce((sum, { values }) => sum + values.length, 0);
  return value.kind === 'string' ? 0 : value.values.length;
}
