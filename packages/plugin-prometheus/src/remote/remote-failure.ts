import { DropFailure, type HttpResponse, LabkeeperError, RetryFailure } from '@labkeeper/core';

/** What an answer of the API says when it says no. */
interface Refusal {
  readonly errorType: string;
  readonly error: string;
}

const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;
/** Kinds of errors that pass by themselves, whatever status they come with. */
const PASSING: readonly string[] = ['timeout', 'canceled', 'unavailable', 'internal'];

/**
 * Why an answer is not the one that was asked for, typed by what the caller does next: RetryFailure for what passes by
 * itself (time-out, overload, starting), DropFailure for a question that is wrong. `found` is Prometheus' own kind:
 * `bad_data`, `execution`, `timeout`, …
 */
export function remoteFailure(response: HttpResponse): LabkeeperError {
  const { errorType, error } = refusalOf(response);
  const message = `Prometheus answered with status ${response.status}, ${errorType}: ${error}`;
  const details = { found: errorType };
  if (response.status === TOO_MANY_REQUESTS) return new RetryFailure('RATE_LIMITED', message, details);
  if (errorType === 'timeout') return new RetryFailure('RESPONSE_TIMEOUT', message, details);
  const isPassing = PASSING.includes(errorType) || response.status >= FIRST_SERVER_ERROR;
  return isPassing
    ? new RetryFailure('REQUEST_REFUSED', message, details)
    : new DropFailure('REQUEST_REFUSED', message, details);
}

/** Something in front of Prometheus may have answered, in whatever form. */
function refusalOf(response: HttpResponse): Refusal {
  const nobody = { errorType: 'unknown', error: 'it gave no reason' };
  try {
    const { errorType, error } = response.json() as Partial<Refusal>;
    return typeof errorType === 'string' ? { errorType, error: String(error) } : nobody;
  } catch (thrown) {
    if (thrown instanceof LabkeeperError || thrown instanceof TypeError) return nobody;
    throw thrown;
  }
}
