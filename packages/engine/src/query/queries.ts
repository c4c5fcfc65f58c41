import type { QueryClient } from '@labkeeper/core';
import type { QueryResult, RangeSpan } from '@labkeeper/promql';

/** How one expression is to be evaluated. */
export interface EvaluationRequest {
  /** Aborts when nobody wants the answer any more. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** How far back an instant selector looks. Default five minutes, as in Prometheus. */
  readonly lookbackMs?: number;
}

/** Reading what was measured, with everything that PromQL tells. */
export interface Queries extends QueryClient {
  /**
   * Evaluates an expression at one time, or over a span in steps. Rejects with PromqlError: what is wrong with the expression, which limit was
   * passed, or that it was cancelled. Long ones let others have the event loop.
   */
  evaluate(expression: string, at: number | RangeSpan, request?: EvaluationRequest): Promise<QueryResult>;
}
