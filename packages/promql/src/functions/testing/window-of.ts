import type { Window } from '../window.js';

/** Where the samples of a test stand: seconds, as people write them. */
export interface WindowSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The step, where it is not the end of the window. */
  readonly atSeconds?: number;
}

/** A window over (seconds, value) pairs. Rows outside of it surround them, to catch functions that read too far. */
export function windowOf(samples: readonly (readonly [number, number])[], span: WindowSpan): Window {
  const rows = [[-1e6, 1e9] as const, ...samples, [1e9, -1e9] as const];
  return {
    timesMs: Float64Array.from(rows, ([seconds]) => seconds * 1000),
    values: Float64Array.from(rows, ([, value]) => value),
    from: 1,
    to: rows.length - 1,
    startMs: span.startSeconds * 1000,
    endMs: span.endSeconds * 1000,
    evaluatedAtMs: (span.atSeconds ?? span.endSeconds) * 1000,
  };
}

/** Values every ten seconds from 0 on, in a window that begins just before. */
export function everyTenSeconds(values: readonly number[]): Window {
  const span = { startSeconds: -1, endSeconds: values.length * 10 };
  return windowOf(
    values.map((value, index) => [index * 10, value] as const),
    span,
  );
}
