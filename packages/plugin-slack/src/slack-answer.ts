import { DropFailure, type HttpResponse, RetryFailure } from '@labkeeper/core';
import { quoteText, retryAfterMs } from '@labkeeper/toolbox';

/** What Slack's short words mean to the person who has to mend it. */
const MEANINGS: Readonly<Record<string, string>> = {
  no_service: 'the webhook was revoked or never existed',
  no_team: 'the workspace does not exist any more',
  invalid_token: 'the webhook’s address is not complete',
  channel_not_found: 'the channel does not exist any more',
  channel_is_archived: 'the channel is archived',
  action_prohibited: 'an administrator has forbidden this webhook to post here',
  posting_to_general_channel_denied: 'an administrator has forbidden to post to the general channel',
  user_not_found: 'the user does not exist',
};

/** Asked to come back later, by whatever stands between. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425]);

/**
 * Throws what an answer of the webhook means, and nothing when the message was accepted. A 200 alone does not say so:
 * the log-in page of a guest network answers 200 as well.
 */
export function assertAccepted(response: HttpResponse, nowMs: number): void {
  const { status } = response;
  const said = quoteText(response.text());
  if (status >= 200 && status < 300) {
    if (isAcceptance(said)) return;
    throw new RetryFailure('RESPONSE_MALFORMED', `Slack answered ${status} with '${said}' instead of 'ok'.`);
  }
  if (status === 429) {
    const waitMs = retryAfterMs(response.headers['retry-after'], nowMs);
    throw new RetryFailure('RATE_LIMITED', 'Slack asks to slow down.', { retryAfterMs: waitMs });
  }
  const meaning = MEANINGS[said];
  const message = `Slack refused the message: ${status} ${said}${meaning === undefined ? '' : `, ${meaning}`}.`;
  const isPassing = status >= 500 || status < 400 || PASSING_STATUSES.has(status);
  throw isPassing
    ? new RetryFailure('REQUEST_REFUSED', message)
    : new DropFailure('REQUEST_REFUSED', message);
}

/** `ok` of Slack and Mattermost, or a JSON that says the same, as other products answer in Slack's place. */
function isAcceptance(said: string): boolean {
  return /^ok$/i.test(said) || /^\{.*"(ok|success)"\s*:\s*true\b/.test(said);
}
