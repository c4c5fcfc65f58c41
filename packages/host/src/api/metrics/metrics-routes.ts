import { Type } from '@labkeeper/core';
import { readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { nullable, shape, time } from '../schemas/shape.js';
import { serverParams } from '../servers/server-shape.js';
import { historyShape, historyView, spanQuery } from './history-shape.js';
import { metricsShape, rounded } from './metrics-shape.js';
import { serverHistory } from './server-history.js';
import type { ServerMetrics } from './server-metrics.js';
import { binsOfQuery } from './time-span.js';

const tags = ['metrics'];

const latestShape = shape('LatestMetrics', {
  server_id: Type.String(),
  timestamp: nullable(time()),
  metrics: nullable(metricsShape, { description: 'Null when nothing was measured in the last two minutes.' }),
});

const summaryShape = shape('MetricsSummary', {
  servers: Type.Integer(),
  online: Type.Integer(),
  offline: Type.Integer(),
  unknown: Type.Integer(),
  cpu_percent: nullable(Type.Number(), { description: 'Mean over the servers that report it.' }),
  memory_percent: nullable(Type.Number(), { description: 'Of all memory together.' }),
  disk_percent: nullable(Type.Number(), { description: 'Of all disks together.' }),
  network_rx_bytes_per_second: nullable(Type.Number(), { description: 'Sum.' }),
  network_tx_bytes_per_second: nullable(Type.Number(), { description: 'Sum.' }),
});

/** `/api/v1/metrics`: figures of one server over time and now, and of all servers together. */
export function metricsRoutes(app: ApiApp, { registry, views, storage, clock }: ApiContext): void {
  app.get(
    '/api/v1/metrics/summary',
    {
      config: readable('viewer'),
      schema: { summary: 'All servers together', tags, response: { 200: summaryShape } },
    },
    () => {
      const { total, ...counts } = views.counts();
      const metrics = registry.ids().map((id) => views.metricsOf(id));
      return { servers: total, ...counts, ...summary(metrics.filter((found) => found !== undefined)) };
    },
  );

  app.get(
    '/api/v1/metrics/:server_id/latest',
    {
      config: readable('viewer'),
      schema: {
        summary: 'The latest figures of a server',
        tags,
        params: serverParams,
        response: { 200: latestShape },
      },
    },
    ({ params }) => {
      const metrics = views.latestOf(registry.get(params.server_id).serverId);
      return { server_id: params.server_id, timestamp: metrics?.timestamp ?? null, metrics };
    },
  );

  app.get(
    '/api/v1/metrics/:server_id',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Figures of a server over time',
        description: 'Columns of equal length; null where nothing was measured.',
        tags,
        params: serverParams,
        querystring: spanQuery,
        response: { 200: historyShape },
      },
    },
    async ({ params, query }) => {
      const { serverId } = registry.get(params.server_id);
      const bins = binsOfQuery(query, clock.now());
      return historyView(serverId, bins, await serverHistory(storage.samples, serverId, bins));
    },
  );
}

function summary(metrics: readonly ServerMetrics[]) {
  const sum = (figure: (one: ServerMetrics) => number) =>
    metrics.map(figure).reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
  const known = metrics.filter(({ cpuPercent }) => !Number.isNaN(cpuPercent)).length;
  const disks = metrics.flatMap((one) => one.disks);
  const diskBytes = disks.reduce((total, { totalBytes }) => total + totalBytes, 0);
  const usedBytes = disks.reduce((total, one) => total + one.usedBytes, 0);
  return {
    cpu_percent: rounded(sum(({ cpuPercent }) => cpuPercent) / known, 1),
    memory_percent: rounded(
      (100 * sum((one) => one.memoryUsedBytes)) / sum((one) => one.memoryTotalBytes),
      1,
    ),
    disk_percent: rounded((100 * usedBytes) / diskBytes, 1),
    network_rx_bytes_per_second:
      metrics.length === 0
        ? null
        : rounded(
            sum((one) => one.receivedPerSecond),
            0,
          ),
    network_tx_bytes_per_second:
      metrics.length === 0
        ? null
        : rounded(
            sum((one) => one.transmittedPerSecond),
            0,
          ),
  };
}
