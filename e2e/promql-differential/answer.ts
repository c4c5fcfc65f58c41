import type { Labels } from '@labkeeper/core';

/** An expression, and for which times. A step of 0 asks for one time. */
export interface Asked {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export interface AnswerSeries {
  readonly labels: Labels;
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** What an evaluator says, ours or the other: values in its own order, or a refusal. */
export type Answer =
  | { readonly type: 'error'; readonly kind: string; readonly message: string }
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'scalar' | 'vector' | 'matrix'; readonly series: readonly AnswerSeries[] };
