import type { EvaluationRequest } from '@labkeeper/engine';
import type { QueryResult, QueryValue, RangeSpan } from '@labkeeper/promql';
import type { FastifyReply } from 'fastify';
import { reading } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { abortOf } from './abort-of.js';
import { PrometheusFailure, sendJson, successText } from './answer.js';
import { Parameters } from './parameters.js';
import { prometheusSchema } from './route-schema.js';
import { valueJson } from './write-value.js';

/** No query of a caller takes longer, whatever it asks for. Prometheus' own default. */
const LONGEST_QUERY_MS = 120_000;
/** Prometheus' own bound of the points of one series in an answer. */
const MOST_STEPS = 11_000;

type LimitedResult = Pick<QueryResult, 'value' | 'warnings' | 'infos'>;

/** `query` and `query_range`, by GET and as a form. */
export function queryRoutes(app: ApiApp, context: ApiContext): void {
  const { engine, clock } = context;
  const config = reading('viewer');

  app.route({
    method: ['GET', 'POST'],
    url: '/query',
    config,
    schema: prometheusSchema('PromQL at one time'),
    handler: async (request, reply) => {
      const parameters = new Parameters(request);
      const text = parameters.needed('query');
      const atMs = parameters.timeMs('time') ?? clock.now();
      const result = await engine.query.evaluate(text, atMs, asked(parameters, reply));
      const answer = limited(result, parameters);
      return sendJson(reply, successText(valueJson(answer.value), answer));
    },
  });

  app.route({
    method: ['GET', 'POST'],
    url: '/query_range',
    config,
    schema: prometheusSchema('PromQL over a span'),
    handler: async (request, reply) => {
      const parameters = new Parameters(request);
      const text = parameters.needed('query');
      const span = spanOf(parameters);
      const result = await engine.query.evaluate(text, span, asked(parameters, reply));
      const answer = limited(result, parameters);
      return sendJson(reply, successText(valueJson(answer.value), answer));
    },
  });
}

function spanOf(parameters: Parameters): RangeSpan {
  const fromMs = parameters.timeMs('start');
  const toMs = parameters.timeMs('end');
  const stepMs = parameters.durationMs('step');
  for (const [name, value] of Object.entries({ start: fromMs, end: toMs, step: stepMs }))
    if (value === undefined)
      throw new PrometheusFailure('bad_data', `invalid parameter "${name}": it is missing`);
  const span = { fromMs, toMs, stepMs } as RangeSpan;
  if (span.toMs < span.fromMs)
    throw new PrometheusFailure(
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    );
  if (span.stepMs <= 0)
    throw new PrometheusFailure(
      'bad_data',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if ((span.toMs - span.fromMs) / span.stepMs > MOST_STEPS)
    throw new PrometheusFailure(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  return span;
}

function asked(parameters: Parameters, reply: FastifyReply): EvaluationRequest {
  const timeoutMs = Math.min(parameters.durationMs('timeout') ?? LONGEST_QUERY_MS, LONGEST_QUERY_MS);
  const lookbackMs = parameters.durationMs('lookback_delta');
  return { timeoutMs, signal: abortOf(reply), ...(lookbackMs === undefined ? {} : { lookbackMs }) };
}

/** Keeps the first series when the caller wants no more, and says so. */
function limited({ value, warnings, infos }: QueryResult, parameters: Parameters): LimitedResult {
  const limit = parameters.limit('limit');
  const isVector = value.type === 'vector' && limit > 0 && value.values.length > limit;
  const isMatrix = value.type === 'matrix' && limit > 0 && value.series.length > limit;
  if (!isVector && !isMatrix) return { value, warnings, infos };
  const cut: QueryValue = isVector
    ? { type: 'vector', values: value.values.slice(0, limit) }
    : { type: 'matrix', series: (value as QueryValue & { type: 'matrix' }).series.slice(0, limit) };
  return { value: cut, warnings: [...warnings, 'results truncated due to limit'], infos };
}
