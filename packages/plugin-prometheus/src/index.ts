import { definePlugin } from '@labkeeper/core';
import { prometheusCollector } from './prometheus-collector.js';

export {
  type RemotePrometheus,
  type RemotePrometheusSetup,
  type RemoteSpan,
  remotePrometheus,
} from './remote/remote-prometheus.js';
export type { RemoteResult, RemoteRow, RemoteSeries } from './remote/remote-result.js';

export default definePlugin({
  name: 'prometheus',
  summary: 'Scrapes exporters as Prometheus does, and asks a remote Prometheus.',
  collectors: [prometheusCollector],
});
