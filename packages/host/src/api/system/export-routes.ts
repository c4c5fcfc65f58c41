import { Type } from '@labkeeper/core';
import type { MetricFamily } from '@labkeeper/engine';
import { contentTypeOf, writeExposition } from '@labkeeper/exposition';
import { readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { processFamilies } from './process-metrics.js';

/** `/metrics`: Labkeeper's own figures for Prometheus. */
export function exportRoutes(app: ApiApp, context: ApiContext): void {
  const { engine, hub, monitor, redactor, startedAtMs, version } = context;
  app.get(
    '/metrics',
    {
      config: readable('viewer'),
      schema: {
        summary: 'Labkeeper’s own metrics in the text format of Prometheus',
        tags: ['system'],
        produces: ['text/plain'],
        response: { 200: Type.String({ description: 'Text format, version 0.0.4.' }) },
      },
    },
    async (_, reply) => {
      const families = [
        ...engine.metrics(),
        ...(context.metrics?.() ?? []),
        ...(await processFamilies(monitor.usage(), startedAtMs)),
        gauge('labkeeper_build_info', 'A constant 1 labeled by the version.', 1, { version }),
        gauge('labkeeper_api_streams', 'Clients of the live event stream.', hub.clients),
      ];
      const text = redactor.redact(writeExposition(families));
      return reply
        .type(contentTypeOf('prometheus-text'))
        .serializer((value: unknown) => value as string)
        .send(text);
    },
  );
}

function gauge(
  name: string,
  help: string,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): MetricFamily {
  return { name, help, type: 'gauge', samples: [{ labels, value }] };
}
