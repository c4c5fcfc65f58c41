import type { RouteContext } from '@labkeeper/core';
import type { FastifyInstance } from 'fastify';

/** The version of Alertmanager whose API is spoken; clients decide by it what they may ask for. */
const SPOKEN_VERSION = '0.28.0';

/** `status`, `receivers`, and the two addresses that supervisors ask. */
export function statusRoutes(scope: FastifyInstance, { version, startedAtMs, alerts }: RouteContext): void {
  scope.get('/api/v2/status', async () => ({
    cluster: { status: 'disabled', peers: [] },
    versionInfo: {
      version: SPOKEN_VERSION,
      revision: `labkeeper-${version}`,
      ...{ branch: '', buildUser: '', buildDate: '', goVersion: '' },
    },
    config: { original: '# Alerts are routed by the configuration of Labkeeper.\n' },
    uptime: new Date(startedAtMs).toISOString(),
  }));
  scope.get('/api/v2/receivers', async () => alerts.channels().map((name) => ({ name })));
  for (const path of ['/-/healthy', '/-/ready']) scope.get(path, async () => 'OK');
}
