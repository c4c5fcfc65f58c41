import { parseDuration } from '@labkeeper/core';
import {
  dateText,
  daysText,
  durationText,
  type ProbeAnswer,
  type ProbeReport,
  redirectTarget,
  shownUrl,
  type TlsFacts,
} from '@labkeeper/toolbox';
import { compileBodyTests } from './body-expectations.js';
import { compileConditions } from './conditions.js';
import type { Conditions, HttpOptions } from './http-options.js';
import { isInRanges, showRanges, statusRanges } from './status-ranges.js';

/** Something that is not as it should be. */
export interface Finding {
  readonly status: 'down' | 'degraded';
  readonly message: string;
  /** A regular expression did not match (or did, and should not): blackbox_exporter has a metric for it. */
  readonly isRegex?: boolean;
}

/** An answer that came, and everything known about it. */
export interface Answered {
  readonly answer: ProbeAnswer;
  readonly report: ProbeReport;
  readonly nowMs: number;
}

/** Looks at one thing; gives nothing when all is well. */
export type Expectation = (answered: Answered) => Finding | undefined;

type Maker = (options: HttpOptions) => readonly Expectation[];

/** In the order in which people would look: who answers, with what, and only then how well. */
const MAKERS: readonly Maker[] = [
  statusTests,
  redirectTests,
  headerTests,
  compileBodyTests,
  certificateTests,
  latencyTests,
];

/** Everything that the options expect of an answer. Throws a RangeError for a broken expression or path. */
export function compileExpectations(options: HttpOptions): readonly Expectation[] {
  return MAKERS.flatMap((make) => make(options));
}

function statusTests({ expect }: HttpOptions): readonly Expectation[] {
  const ranges = statusRanges(expect.status ?? (expect.redirect === undefined ? '2xx' : '3xx'));
  const wish = `expected status ${showRanges(ranges)}`;
  return [
    ({ answer, report }) => {
      if (isInRanges(answer.status, ranges)) return undefined;
      const target = redirectTarget(lastUrl(report), answer);
      const where = target ? ` to ${shownUrl(target)}` : '';
      return {
        status: 'down',
        message: `${wish}, got ${`${answer.status} ${answer.statusText}`.trim()}${where}`,
      };
    },
  ];
}

function redirectTests({ expect: { redirect } }: HttpOptions): readonly Expectation[] {
  if (redirect === undefined) return [];
  return [
    ({ answer, report }) => {
      const url = lastUrl(report);
      const target = redirectTarget(url, answer);
      if (target?.href === new URL(redirect, url).href) return undefined;
      const found = target ? `one to ${shownUrl(target)}` : 'none';
      return {
        status: 'down',
        message: `expected a redirect to ${shownUrl(new URL(redirect, url))}, got ${found}`,
      };
    },
  ];
}

function headerTests({ expect }: HttpOptions): readonly Expectation[] {
  return Object.entries(expect.headers ?? {}).map(([name, wish]) =>
    headerTest(name, typeof wish === 'string' ? { equals: wish } : wish),
  );
}

function headerTest(name: string, conditions: Conditions): Expectation {
  const equals = conditions.equals === undefined ? {} : { equals: String(conditions.equals) };
  const test = compileConditions({ ...conditions, ...equals });
  const isWanted = conditions.exists !== false;
  return ({ answer }) => {
    const found = answer.headers[name.toLowerCase()];
    if ((found !== undefined) !== isWanted) {
      return { status: 'down', message: isWanted ? `header ${name} is missing` : `header ${name} is there` };
    }
    const fault = found === undefined ? undefined : test(Array.isArray(found) ? found.join(', ') : found);
    if (fault === undefined) return undefined;
    return {
      status: 'down',
      message: `expected header ${name} ${fault}`,
      isRegex: conditions.matches !== undefined,
    };
  };
}

const DAY_MS = 86_400_000;
/** Enough time for a person to act, and less than what every issuer leaves when it renews (30 of 90 days, a third of fewer). */
const DEFAULT_DAYS_LEFT = 14;

function certificateTests({ expect, tls }: HttpOptions): readonly Expectation[] {
  // Whoever trusts without looking does not want to hear of dates, unless the file asks for them.
  const isIgnored =
    expect.tls_days_left === undefined && (tls.trust === 'insecure' || tls.fingerprint !== undefined);
  if (isIgnored) return [];
  return [
    ({ report, nowMs }) => {
      const facts = report.hops.at(-1)?.tls;
      return facts && certificateFinding(facts, nowMs, expect.tls_days_left);
    },
  ];
}

function certificateFinding(
  facts: TlsFacts,
  nowMs: number,
  wantedDays: number | undefined,
): Finding | undefined {
  const leftMs = facts.earliestExpiryMs - nowMs;
  const expired = expiredMessage(facts, nowMs);
  if (expired !== undefined) return { status: 'down', message: expired };
  const lifetimeMs = facts.notAfterMs - facts.notBeforeMs;
  const wantedMs =
    wantedDays === undefined ? Math.min(DEFAULT_DAYS_LEFT * DAY_MS, lifetimeMs / 3) : wantedDays * DAY_MS;
  return leftMs < wantedMs
    ? {
        status: 'degraded',
        message: `certificate expires in ${daysText(leftMs)} (${dateText(facts.earliestExpiryMs)})`,
      }
    : undefined;
}

/** `certificate expired 3 days ago (2026-01-18)`, or nothing while it is good. */
export function expiredMessage({ earliestExpiryMs }: TlsFacts, nowMs: number): string | undefined {
  const agoMs = nowMs - earliestExpiryMs;
  return agoMs < 0 ? undefined : `certificate expired ${daysText(agoMs)} ago (${dateText(earliestExpiryMs)})`;
}

function latencyTests({ expect: { max_latency } }: HttpOptions): readonly Expectation[] {
  const limitMs = max_latency === undefined ? undefined : parseDuration(max_latency);
  if (limitMs === undefined) return [];
  return [
    ({ answer, report: { totalMs } }) =>
      totalMs > limitMs
        ? {
            status: 'degraded',
            message: `${answer.status} in ${durationText(totalMs)}, allowed are ${durationText(limitMs)}`,
          }
        : undefined,
  ];
}

function lastUrl(report: ProbeReport): URL {
  const hop = report.hops.at(-1);
  if (!hop) throw new RangeError('a probe has at least one hop');
  return hop.url;
}
