import type { MetricDescription } from '@labkeeper/core';
import { reading } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { sendData } from './answer.js';
import { Parameters } from './parameters.js';
import { prometheusSchema } from './route-schema.js';

interface Metadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** `metadata`: what the metrics of the plugins that run mean. */
export function metadataRoutes(app: ApiApp, { metricDescriptions }: ApiContext): void {
  app.get(
    '/metadata',
    { config: reading('viewer'), schema: prometheusSchema('What metrics mean') },
    async (request, reply) => {
      const parameters = new Parameters(request);
      const wanted = parameters.text('metric');
      const perMetric = parameters.limit('limit_per_metric') || Number.POSITIVE_INFINITY;
      const metrics = parameters.limit('limit') || Number.POSITIVE_INFINITY;
      const found = gathered(
        metricDescriptions().filter(({ name }) => wanted === undefined || name === wanted),
      );
      const shown = [...found]
        .slice(0, metrics)
        .map(([name, list]) => [name, list.slice(0, perMetric)] as const);
      return sendData(reply, Object.fromEntries(shown));
    },
  );
}

/** By name; two plugins that say the same of a metric say it once. */
function gathered(descriptions: readonly MetricDescription[]): Map<string, Metadata[]> {
  const found = new Map<string, Metadata[]>();
  for (const { name, type, help, unit = '' } of descriptions) {
    const known = found.get(name) ?? [];
    const isNew = !known.some((one) => one.type === type && one.help === help && one.unit === unit);
    if (isNew) known.push({ type, help, unit });
    found.set(name, known);
  }
  return found;
}
