import { Type } from '@labkeeper/core';
import { shape } from '../schemas/shape.js';

/** Where Grafana and other clients of Prometheus are pointed to is `http://HOST/prometheus`. */
export const PROMETHEUS_ROOT = '/prometheus/api/v1';

/** What a route of the Prometheus API gives besides the common part is described by Prometheus; here it may be anything. */
const answer = shape('PrometheusAnswer', {
  status: Type.Literal('success'),
  data: Type.Unknown(),
  warnings: Type.Optional(Type.Array(Type.String())),
  infos: Type.Optional(Type.Array(Type.String())),
});

/** The schema of a route of the Prometheus API. Parameters are read by hand, because a form may hold them as well as the query. */
export function prometheusSchema(summary: string) {
  return {
    summary,
    description: "Parameters and data are those of Prometheus' HTTP API.",
    tags: ['prometheus'],
    externalDocs: { url: 'https://prometheus.io/docs/prometheus/latest/querying/api/' },
    response: { 200: answer },
  };
}

/** The body of everything that fails under `/prometheus`. */
export const prometheusErrorShape = shape('PrometheusError', {
  status: Type.Literal('error'),
  errorType: Type.String({ examples: ['bad_data'] }),
  error: Type.String({ description: 'For people.' }),
});
