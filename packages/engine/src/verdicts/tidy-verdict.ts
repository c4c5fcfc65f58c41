import { VERDICT_STATUSES, type Verdict } from '@labkeeper/core';
import type { Redactor } from '@labkeeper/core/runtime';

/** A message is a line in lists and chats; the rest of a longer one helps nobody there. */
const MAX_MESSAGE_LENGTH = 300;

/**
 * A verdict as the rest of the engine may rely on it, whatever a plugin returned: a known status, one line of text, no
 * secrets, a latency that is a number.
 */
export function tidyVerdict(verdict: Verdict, redactor: Redactor): Verdict {
  const isVerdict =
    typeof verdict === 'object' && verdict !== null && VERDICT_STATUSES.includes(verdict.status);
  if (!isVerdict) return { status: 'unknown', message: 'the check returned something that is no verdict' };
  const { status, message, latencyMs, samples, details } = verdict;
  const isLatency = typeof latencyMs === 'number' && Number.isFinite(latencyMs) && latencyMs >= 0;
  return {
    status,
    message: tidyMessage(message, redactor),
    latencyMs: isLatency ? latencyMs : undefined,
    samples,
    details: details && (redactor.redactValue(details) as NonNullable<Verdict['details']>),
  };
}

/** One line without secrets, of a length that fits into a list. */
function tidyMessage(message: string, redactor: Redactor): string {
  const line = redactor.redact(String(message)).replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : line;
}
