import {
  type Clock,
  type InstantValue,
  type Matcher,
  METRIC_NAME_LABEL,
  type SampleStore,
  type SeriesSamples,
} from '@labkeeper/core';
import {
  type EvaluateOptions,
  type Expression,
  evaluateInstant,
  evaluateRange,
  PromqlError,
  parseExpression,
  type QueryLimits,
  type QueryResult,
  type RangeSpan,
} from '@labkeeper/promql';
import type { EvaluationRequest, Queries } from './queries.js';
import { selectHistory } from './select-history.js';

/**
 * Bounds of every query: what a small machine can hold and still answer others. Ten million samples are 160 MB for a moment; Prometheus' own
 * default is five times that, on machines that are larger.
 */
const LIMITS: QueryLimits = {
  maxSeries: 50_000,
  maxSamples: 10_000_000,
  maxSteps: 11_000,
  timeoutMs: 120_000,
};

/** Expressions that are kept parsed: those of open pages ask again and again. */
const MOST_PARSED = 200;

/** Evaluates PromQL over the store. */
export class QueryService implements Queries {
  readonly #parsed = new Map<string, Expression>();

  constructor(private readonly parts: { readonly samples: SampleStore; readonly clock: Clock }) {}

  select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly SeriesSamples[]> {
    return this.parts.samples.select(matchers, fromMs, toMs);
  }

  async evaluate(
    expression: string,
    at: number | RangeSpan,
    request: EvaluationRequest = {},
  ): Promise<QueryResult> {
    return this.evaluateParsed(this.#parse(expression), at, request);
  }

  /** The same for an expression that is at hand. */
  evaluateParsed(
    expression: Expression,
    at: number | RangeSpan,
    request: EvaluationRequest = {},
  ): Promise<QueryResult> {
    const options = this.#options(request);
    return typeof at === 'number'
      ? evaluateInstant(expression, at, options)
      : evaluateRange(expression, at, options);
  }

  async instant(expression: string, atMs: number = this.parts.clock.now()): Promise<readonly InstantValue[]> {
    const { value } = await this.evaluate(expression, atMs);
    if (value.type === 'vector') return value.values;
    if (value.type === 'scalar') return [{ labels: {}, timeMs: value.timeMs, value: value.value }];
    throw new PromqlError('bad_data', `an expression of type ${value.type} has no values at one time`);
  }

  async range(expression: string, span: RangeSpan): Promise<readonly SeriesSamples[]> {
    const { value } = await this.evaluate(expression, span);
    if (value.type !== 'matrix') throw new PromqlError('bad_data', 'the expression gives no series');
    return value.series.map(({ labels: { [METRIC_NAME_LABEL]: name = '', ...labels }, timesMs, values }) => ({
      series: { name, labels },
      timesMs,
      values,
    }));
  }

  #options({ signal, timeoutMs, lookbackMs }: EvaluationRequest): EvaluateOptions {
    const { samples, clock } = this.parts;
    return {
      select: (selection) => selectHistory(samples, selection),
      limits: { ...LIMITS, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
      monotonicMs: () => clock.monotonicMs(),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      ...(signal === undefined ? {} : { signal }),
      ...(lookbackMs === undefined ? {} : { lookbackMs }),
    };
  }

  /** The same text is parsed once while it is asked for. */
  #parse(text: string): Expression {
    const known = this.#parsed.get(text);
    if (known) return known;
    const parsed = parseExpression(text);
    if (this.#parsed.size >= MOST_PARSED) this.#parsed.delete(this.#parsed.keys().next().value as string);
    this.#parsed.set(text, parsed);
    return parsed;
  }
}
