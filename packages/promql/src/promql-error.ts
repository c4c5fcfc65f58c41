import type { Place } from './syntax/expression.js';

/** What Prometheus' HTTP API calls the kinds of failure; `bad_data` is HTTP 400, `execution` 422, the others 503. */
export type PromqlErrorKind = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'unsupported';

/**
 * An expression that cannot be parsed or evaluated. The message is what Prometheus says where it says something, so that people find it.
 * `unsupported`: valid PromQL that this evaluator does not have (native histograms).
 */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';

  constructor(
    readonly kind: PromqlErrorKind,
    message: string,
    readonly place?: Place,
  ) {
    super(message);
  }
}
