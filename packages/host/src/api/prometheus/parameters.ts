import type { FastifyRequest } from 'fastify';
import { PrometheusFailure } from './answer.js';

/** Milliseconds of the units of a Prometheus duration, in the order in which they may follow each other. */
const UNITS = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** RFC 3339: a zone must be said, as Prometheus wants it. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Times beyond this are no times; the range of dates of the language. */
const FURTHEST_MS = 8.64e15;

/** What a request asks for: its query and, of a form, its body; both count, as in Prometheus. */
export class Parameters {
  readonly #values: URLSearchParams;

  constructor({ url, body }: Pick<FastifyRequest, 'url' | 'body'>) {
    this.#values = new URLSearchParams(url.slice(url.indexOf('?') + 1 || url.length + 1));
    if (body instanceof URLSearchParams) for (const [name, value] of body) this.#values.append(name, value);
  }

  text(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  all(name: string): readonly string[] {
    return this.#values.getAll(name);
  }

  /** Throws bad_data when it is missing or empty. */
  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined || text === '') throw invalid(name, 'it is missing');
    return text;
  }

  /** Milliseconds since the epoch, from seconds or RFC 3339. */
  timeMs(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined || text === '' ? undefined : readTime(name, text);
  }

  /** Milliseconds, from seconds or a duration such as `5m`. */
  durationMs(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined || text === '' ? undefined : readDuration(name, text);
  }

  /** A whole number from 0, where 0 means no limit. */
  limit(name: string): number {
    const text = this.text(name);
    if (text === undefined || text === '') return 0;
    if (!/^\d{1,9}$/.test(text)) throw invalid(name, `cannot read '${text}' as a whole number`);
    return Number(text);
  }
}

function readTime(name: string, text: string): number {
  const timeMs = NUMBER.test(text)
    ? Math.round(Number(text) * 1_000)
    : RFC_3339.test(text)
      ? Date.parse(text)
      : NaN;
  if (Number.isNaN(timeMs) || Math.abs(timeMs) > FURTHEST_MS)
    throw invalid(name, `cannot parse "${text}" to a valid timestamp`);
  return timeMs;
}

function readDuration(name: string, text: string): number {
  const parts = text === '' ? null : DURATION.exec(text);
  const durationMs = NUMBER.test(text)
    ? Math.round(Number(text) * 1_000)
    : parts
      ? UNITS.reduce((sum, [, unitMs], place) => sum + Number(parts[place + 1] ?? 0) * unitMs, 0)
      : NaN;
  if (Number.isNaN(durationMs) || Math.abs(durationMs) > FURTHEST_MS)
    throw invalid(name, `cannot parse "${text}" to a valid duration`);
  return durationMs;
}

function invalid(name: string, reason: string): PrometheusFailure {
  return new PrometheusFailure('bad_data', `invalid parameter "${name}": ${reason}`);
}
