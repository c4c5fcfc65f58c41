import type { Verdict } from '@labkeeper/core';
import { dateText, durationText, type ProbeReport, shownUrl } from '@labkeeper/toolbox';
import { type Expectation, expiredMessage, type Finding } from './expectations.js';

/** The worst that was found; of several equally bad ones the first. Nothing, when all is well. */
export function judgeReport(
  report: ProbeReport,
  expectations: readonly Expectation[],
  nowMs: number,
): Finding | undefined {
  const { answer } = report;
  if (!answer) return { status: 'down', message: failureMessage(report, nowMs) };
  let worst: Finding | undefined;
  for (const expectation of expectations) {
    const finding = expectation({ answer, report, nowMs });
    if (finding?.status === 'down') return finding;
    worst ??= finding;
  }
  return worst;
}

/** `200 in 84 ms`, and over how many redirects. */
export function goodNews({ answer, totalMs, hops }: ProbeReport): string {
  const redirects = hops.length - 1;
  const way = redirects === 0 ? '' : redirects === 1 ? ' after a redirect' : ` after ${redirects} redirects`;
  return `${answer?.status} in ${durationText(totalMs)}${way}`;
}

/** Facts for the check's page. */
export function reportDetails({ answer, hops }: ProbeReport): NonNullable<Verdict['details']> {
  const last = hops.at(-1);
  return {
    ...(answer ? { status: answer.status } : {}),
    ...(last?.address ? { address: last.address.address } : {}),
    ...(last && hops.length > 1 ? { redirected_to: shownUrl(last.url) } : {}),
    ...(last?.tls
      ? {
          tls_version: last.tls.protocol,
          certificate_issuer: last.tls.issuer,
          certificate_expires: dateText(last.tls.earliestExpiryMs),
        }
      : {}),
  };
}

function failureMessage({ failure, hops }: ProbeReport, nowMs: number): string {
  const last = hops.at(-1);
  const expired = last?.tls?.fault === 'CERT_HAS_EXPIRED' ? expiredMessage(last.tls, nowMs) : undefined;
  const message = expired ?? failure?.message ?? 'no answer';
  // After a redirect it is another server than the one in the file.
  return last && hops.length > 1 && failure?.reason !== 'redirects'
    ? `${message}, redirected to ${shownUrl(last.url)}`
    : message;
}
