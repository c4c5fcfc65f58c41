/**
 * Samples of one series within a window: rows `from ≤ row < to` of the columns, ascending in time, without staleness marks.
 * Reused from one step to the next: a function must not keep it.
 */
export interface Window {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  /** The window as written: left-open, `startMs < time ≤ endMs`. */
  readonly startMs: number;
  readonly endMs: number;
  /** The step for which the window is evaluated. Differs from `endMs` under `offset` and `@`: predictions count from the step. */
  readonly evaluatedAtMs: number;
}

/**
 * A function over a range vector: one number for each window, undefined for none. `parameters` are the values of its other arguments at this
 * step, in the order in which they are written. Called for every series and step, with at least one sample in the window.
 */
export type WindowFunction = (window: Window, parameters: readonly number[]) => number | undefined;

/** A function over each value of an instant vector. Parameters as in {@link WindowFunction}. */
export type ValueFunction = (value: number, parameters: readonly number[]) => number;
