import { parseExpression } from '@labkeeper/promql';
import type { FastifyRequest } from 'fastify';
import { PrometheusFailure } from './answer.js';

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

/** PromQL writes durations as numbers do: `15`, `0.5`, `1h30m`. */
function readDuration(name: string, text: string): number {
  const durationMs = Math.round(secondsOf(text) * 1_000);
  if (Number.isNaN(durationMs) || Math.abs(durationMs) > FURTHEST_MS)
    throw invalid(name, `cannot parse "${text}" to a valid duration`);
  return durationMs;
}

/** NaN for what is neither a number nor a duration. */
function secondsOf(text: string): number {
  try {
    const parsed = parseExpression(text);
    return parsed.kind === 'number' ? parsed.value : Number(text);
  } catch {
    return Number.NaN;
  }
}

function invalid(name: string, reason: string): PrometheusFailure {
  return new PrometheusFailure('bad_data', `invalid parameter "${name}": ${reason}`);
}
