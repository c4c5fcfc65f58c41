import { LabkeeperError, parseDuration } from '@labkeeper/core';
import type { TimeBins } from './time-bins.js';

/** As in Prometheus' HTTP API: more points than this no chart can show. The request is refused. */
const MAX_POINTS = 11_000;

/** Longest span of one request: as long as the coarsest roll-ups are kept when nothing else is said. */
const MAX_SPAN_MS = 5 * 366 * 86_400_000;

const DEFAULT_SPAN_MS = 86_400_000;

/** About so many points when no step is asked for: one for every two or three pixels of a chart on a phone. */
const DEFAULT_POINTS = 300;

/** Steps that people understand, in seconds. The first that gives at most {@link DEFAULT_POINTS} points is taken. */
const NICE_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
];

/** What the query of a request says. */
export interface SpanQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Seconds. */
  readonly step?: number | undefined;
}

/**
 * The steps of a request. They begin at whole multiples of the step, so that a chart that is asked for again does not
 * shiver; the last one is the one in which `to` lies. Throws BAD_REQUEST with the field.
 */
export function binsOfQuery(query: SpanQuery, nowMs: number): TimeBins {
  const toMs = query.to === undefined ? nowMs : readTime('to', query.to, nowMs);
  const fromMs = query.from === undefined ? toMs - DEFAULT_SPAN_MS : readTime('from', query.from, nowMs);
  if (fromMs >= toMs) throw badRequest('from', 'from must lie before to');
  if (toMs - fromMs > MAX_SPAN_MS)
    throw badRequest('from', `from and to lie more than ${MAX_SPAN_MS / 86_400_000} days apart`);
  const stepMs = 1_000 * (query.step ?? niceStep(toMs - fromMs));
  const alignedMs = Math.floor(fromMs / stepMs) * stepMs;
  const count = Math.floor((toMs - alignedMs) / stepMs) + 1;
  if (count > MAX_POINTS)
    throw badRequest('step', `that would be ${count} points, at most ${MAX_POINTS} are allowed`);
  return { fromMs: alignedMs, stepMs, count };
}

function niceStep(spanMs: number): number {
  const least = spanMs / 1_000 / DEFAULT_POINTS;
  return NICE_STEPS_S.find((step) => step >= least) ?? Math.ceil(least);
}

/** `2026-01-31T12:00:00Z`, or how long ago: `-24h`, or `now`. */
function readTime(field: string, text: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  const agoMs = text.startsWith('-') ? parseDuration(text.slice(1)) : undefined;
  if (agoMs !== undefined) return nowMs - agoMs;
  const timeMs = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw badRequest(
      field,
      `${field} is neither a time such as 2026-01-31T12:00:00Z nor a time ago such as -24h`,
    );
  }
  return timeMs;
}

/** A time needs its zone; without one it would mean something else on every machine. A date alone is UTC. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

function badRequest(field: string, message: string): LabkeeperError {
  return new LabkeeperError('BAD_REQUEST', message, { field });
}
