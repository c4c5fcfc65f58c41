/** The steps at which a part of an expression is evaluated. A part inside a subquery has other steps than the query. */
export interface Grid {
  readonly fromMs: number;
  readonly stepMs: number;
  /** 0 when there is nothing to evaluate. */
  readonly steps: number;
}

/** Times in even distances, one for each step of a grid; the distance is 0 when `@` holds the time. */
export interface Moments {
  readonly firstMs: number;
  readonly stepMs: number;
}

export function gridBetween(fromMs: number, toMs: number, stepMs: number): Grid {
  return { fromMs, stepMs, steps: toMs < fromMs ? 0 : Math.floor((toMs - fromMs) / stepMs) + 1 };
}

export function endOf({ fromMs, stepMs, steps }: Grid): number {
  return fromMs + (steps - 1) * stepMs;
}

export function timesOf({ fromMs, stepMs, steps }: Grid): Float64Array {
  const timesMs = new Float64Array(steps);
  for (let step = 0; step < steps; step++) timesMs[step] = fromMs + step * stepMs;
  return timesMs;
}

/** The first multiple of the step behind a time: steps of subqueries do not depend on when the query runs. */
export function firstMultipleAfter(timeMs: number, stepMs: number): number {
  return (Math.floor(timeMs / stepMs) + 1) * stepMs;
}
