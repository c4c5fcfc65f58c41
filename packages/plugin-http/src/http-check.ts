import {
  defineCheck,
  durationMs,
  type EntityId,
  type OptionsOf,
  type RunContext,
  type Verdict,
} from '@labkeeper/core';
import { connectionHeaders, cutText, type ProbeRequest, probeHttp, tlsOf } from '@labkeeper/toolbox';
import { needsBody } from './body-expectations.js';
import { compileExpectations, type Expectation } from './expectations.js';
import { type HttpOptions, httpOptions } from './http-options.js';
import { HTTP_METRICS, httpSamples } from './http-samples.js';
import { goodNews, judgeReport, reportDetails } from './judge-report.js';
import { validateHttpOptions } from './validate-http-options.js';

/** What stays the same from run to run. */
interface HttpState {
  readonly request: Omit<ProbeRequest, 'clock' | 'timeoutMs' | 'signal'>;
  readonly expectations: readonly Expectation[];
}

type Context = RunContext<OptionsOf<typeof httpOptions>, HttpState>;

/**
 * The check ends itself this much before its deadline: a share of the time-out, at most half a second. So it can say
 * where it hung, which the scheduler cannot.
 */
const MARGIN_SHARE = 0.05;
const MAX_MARGIN_MS = 500;
/** Pauses between tries take at most this share of the time-out, so that every try has time to work. */
const MAX_PAUSE_SHARE = 0.5;
/** Verdicts are one line in lists and chats. */
const MESSAGE_LENGTH = 300;

/** Asks a web site or an API over a new connection, and holds the answer against what is expected. */
export const httpCheck = defineCheck<typeof httpOptions, HttpState>({
  name: 'http',
  summary: 'Checks that a web site or an API answers as it should.',
  options: httpOptions,
  metrics: HTTP_METRICS,
  schedule: { every: '30s', timeout: '10s' },

  target({ url }) {
    const { host, hostname, pathname } = new URL(url);
    const displayName = pathname === '/' ? host : host + pathname;
    return { entity: `site:${host}` satisfies EntityId, host: hostname, displayName };
  },

  validate: validateHttpOptions,

  start({ options }) {
    return { request: requestOf(options), expectations: compileExpectations(options) };
  },

  async check(context): Promise<Verdict> {
    const { tryMs, pauseMs } = shareTime(context);
    const tries = context.options.retries + 1;
    for (let made = 1; ; made++) {
      const verdict = await tryOnce(context, tryMs);
      if (verdict.status !== 'down' || made === tries) return made === 1 ? verdict : withTries(verdict, made);
      await context.clock.sleep(pauseMs, context.signal);
    }
  },
});

function requestOf(options: HttpOptions): HttpState['request'] {
  const { expect } = options;
  return {
    url: new URL(options.url),
    method: options.method,
    headers: connectionHeaders(options),
    body: options.body,
    maxRedirects: expect.redirect === undefined ? options.max_redirects : 0,
    bodyUse: needsBody(options) ? 'keep' : 'discard',
    maxBodyBytes: options.max_body_bytes,
    ipVersion: options.ip,
    tls: tlsOf(options),
  };
}

/** The time of one try and of the pause before the next. */
function shareTime({ timeoutMs, options: { retries, retry_after } }: Context): {
  tryMs: number;
  pauseMs: number;
} {
  const wholeMs = timeoutMs - Math.min(timeoutMs * MARGIN_SHARE, MAX_MARGIN_MS);
  if (retries === 0) return { tryMs: wholeMs, pauseMs: 0 };
  const pauseMs = Math.min(durationMs(retry_after), (wholeMs * MAX_PAUSE_SHARE) / retries);
  return { tryMs: (wholeMs - pauseMs * retries) / (retries + 1), pauseMs };
}

async function tryOnce({ clock, signal, state, options }: Context, timeoutMs: number): Promise<Verdict> {
  const report = await probeHttp({ ...state.request, clock, signal, timeoutMs });
  // Whoever stopped it does not wait for a verdict.
  if (report.failure?.reason === 'aborted') throw signal.reason as Error;
  const finding = judgeReport(report, state.expectations, clock.now());
  return {
    status: finding?.status ?? 'up',
    message: cutText(finding?.message ?? goodNews(report), MESSAGE_LENGTH),
    samples: httpSamples(report, options.metrics, finding),
    details: reportDetails(report),
    ...(report.answer ? { latencyMs: report.totalMs } : {}),
  };
}

function withTries(verdict: Verdict, tries: number): Verdict {
  return { ...verdict, message: `${verdict.message} (${tries} tries)` };
}
