import { DropFailure, type HttpResponse, RetryFailure } from '@labkeeper/core';
import { quoteText, retryAfterMs } from '@labkeeper/toolbox';

/** Longest quotation of what Resend says: whole sentences, which tell what to do. */
const QUOTED_LENGTH = 200;
/** Asked to come back later, by whatever stands between. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425]);
/** Another try with the same key is under way: that one may still fail. */
const CONCURRENT = 'concurrent_idempotent_requests';

/**
 * Throws what an answer of Resend means, and nothing when the mail was accepted: 200 with the id that it got. Errors are
 * `{ statusCode, name, message }` (https://resend.com/docs/api-reference/errors).
 */
export function assertSent(response: HttpResponse, nowMs: number): void {
  const { status, headers } = response;
  const answer = answerOf(response);
  if (status >= 200 && status < 300) {
    if (typeof answer.id === 'string') return;
    const said = quoteText(response.text());
    throw new RetryFailure('RESPONSE_MALFORMED', `Resend answered ${status} with '${said}' and no id.`);
  }
  const wait = retryAfterMs(headers['retry-after'], nowMs);
  const details = wait === undefined ? {} : { retryAfterMs: wait };
  const name = typeof answer.name === 'string' ? quoteText(answer.name) : '';
  const said = quoteText(
    typeof answer.message === 'string' ? answer.message : response.text(),
    QUOTED_LENGTH,
  );
  const message = `Resend refused the mail: ${[status, name].join(' ').trim()}: ${said}`;
  if (status === 429) throw new RetryFailure('RATE_LIMITED', message, details);
  const isPassing = status >= 500 || status < 400 || PASSING_STATUSES.has(status) || name === CONCURRENT;
  throw isPassing
    ? new RetryFailure('REQUEST_REFUSED', message, details)
    : new DropFailure('REQUEST_REFUSED', message);
}

function answerOf(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(response.text());
    return typeof answer === 'object' && answer !== null ? { ...answer } : {};
  } catch {
    // Something else answers in Resend's place; its status says enough.
    return {};
  }
}
