import { METRIC_NAME_LABEL, type Series, seriesKey } from '@labkeeper/core';
import type { FastifyReply } from 'fastify';
import { reading } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { PrometheusFailure, sendData } from './answer.js';
import { matchParameters } from './match-parameters.js';
import { Parameters } from './parameters.js';
import { prometheusSchema } from './route-schema.js';

/**
 * What there is: series, names and values of labels. Times are accepted and not looked at: the index knows every series that still has
 * samples, and that is what people complete their queries from.
 */
export function seriesRoutes(app: ApiApp, context: ApiContext): void {
  const { samples } = context.storage;

  app.route({
    method: ['GET', 'POST'],
    url: '/series',
    config: reading('viewer'),
    schema: prometheusSchema('Series that meet a selector'),
    handler: async (request, reply) => {
      const parameters = new Parameters(request);
      if (parameters.all('match[]').length === 0)
        throw new PrometheusFailure('bad_data', 'no match[] parameter provided');
      const found = await matching(context, parameters);
      return sendCut(reply, found.map(metricOf), parameters);
    },
  });

  app.route({
    method: ['GET', 'POST'],
    url: '/labels',
    config: reading('viewer'),
    schema: prometheusSchema('Names of labels'),
    handler: async (request, reply) => {
      const parameters = new Parameters(request);
      const isLimited = parameters.all('match[]').length > 0;
      const names = isLimited
        ? sortedUnion(await matching(context, parameters), (series) => Object.keys(metricOf(series)))
        : await samples.labelNames();
      return sendCut(reply, names, parameters);
    },
  });

  app.get<{ Params: { name: string } }>(
    '/label/:name/values',
    { config: reading('viewer'), schema: prometheusSchema('Values of a label') },
    async (request, reply) => {
      const parameters = new Parameters(request);
      const name = labelName(request.params.name);
      const isLimited = parameters.all('match[]').length > 0;
      const values = isLimited
        ? sortedUnion(await matching(context, parameters), (series) => {
            const value = metricOf(series)[name];
            return value === undefined ? [] : [value];
          })
        : await samples.labelValues(name);
      return sendCut(reply, values, parameters);
    },
  );
}

/** Every series that meets one of the selectors, once. */
async function matching({ storage }: ApiContext, parameters: Parameters): Promise<readonly Series[]> {
  const lists = await Promise.all(
    matchParameters(parameters).map((matchers) => storage.samples.series(matchers)),
  );
  if (lists.length === 1) return lists[0] as readonly Series[];
  const byKey = new Map(lists.flat().map((series) => [seriesKey(series.name, series.labels), series]));
  return [...byKey.values()];
}

function metricOf({ name, labels }: Series): Readonly<Record<string, string>> {
  return { [METRIC_NAME_LABEL]: name, ...labels };
}

function sortedUnion(
  series: readonly Series[],
  textsOf: (one: Series) => readonly string[],
): readonly string[] {
  return [...new Set(series.flatMap(textsOf))].sort();
}

/** Of Unicode. */
const LAST_CODE_POINT = 0x10_ff_ff;

/** `U__` names are how Prometheus writes UTF-8 names in a path. */
function labelName(text: string): string {
  if (!text.startsWith('U__')) return text;
  return text.slice('U__'.length).replace(/__|_([0-9a-fA-F]{1,6})_/g, (written, code: string | undefined) => {
    if (code === undefined) return '_';
    const point = Number.parseInt(code, 16);
    return point > LAST_CODE_POINT ? written : String.fromCodePoint(point);
  });
}

function sendCut(reply: FastifyReply, list: readonly unknown[], parameters: Parameters) {
  const limit = parameters.limit('limit');
  const isCut = limit > 0 && list.length > limit;
  return sendData(
    reply,
    isCut ? list.slice(0, limit) : list,
    isCut ? { warnings: ['results truncated due to limit'] } : {},
  );
}
