import { DropFailure, type HttpResponse, RetryFailure } from '@labkeeper/core';
import { quoteText, retryAfterMs } from '@labkeeper/toolbox';

/** Asked to come back later, by whatever stands between. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425]);

/**
 * Throws what an answer means, and nothing when the message was accepted: any 2xx. 4xx is for good; what lies with the
 * receiver (5xx), with its load (429) or with something in between (a redirect) is tried again.
 */
export function assertAccepted(response: HttpResponse, nowMs: number): void {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return;
  const wait = retryAfterMs(headers['retry-after'], nowMs);
  const details = wait === undefined ? {} : { retryAfterMs: wait };
  if (status === 429) throw new RetryFailure('RATE_LIMITED', 'the receiver asks to slow down', details);
  // Followed, a POST would arrive as a GET without its body, and look delivered.
  if (status < 400)
    throw new RetryFailure(
      'REQUEST_REFUSED',
      `the receiver answered ${status}, which is a redirect: give the address that it leads to`,
    );
  const said = quoteText(response.text());
  const message = `the receiver refused the message: ${said === '' ? status : `${status} ${said}`}`;
  const isPassing = status >= 500 || PASSING_STATUSES.has(status);
  throw isPassing
    ? new RetryFailure('REQUEST_REFUSED', message, details)
    : new DropFailure('REQUEST_REFUSED', message);
}
