import { reading } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { sendData } from './answer.js';
import { prometheusSchema } from './route-schema.js';

/**
 * The version that clients are told. Grafana and others decide by it what they may ask for: this is the one whose API and query
 * language are spoken here.
 */
const SPOKEN_VERSION = '3.5.0';

/** `status/buildinfo` and `status/runtimeinfo`. */
export function statusRoutes(app: ApiApp, { version, storage, startedAtMs }: ApiContext): void {
  app.get(
    '/status/buildinfo',
    { config: reading('viewer'), schema: prometheusSchema('Which version of Prometheus is spoken') },
    async (_, reply) =>
      sendData(reply, {
        version: SPOKEN_VERSION,
        revision: `labkeeper-${version}`,
        branch: '',
        buildUser: '',
        buildDate: '',
        goVersion: '',
      }),
  );

  app.get(
    '/status/runtimeinfo',
    { config: reading('viewer'), schema: prometheusSchema('How the store is') },
    async (_, reply) => {
      const { series } = await storage.samples.stats();
      return sendData(reply, {
        startTime: new Date(startedAtMs).toISOString(),
        timeSeriesCount: series,
        reloadConfigSuccess: true,
        corruptionCount: 0,
      });
    },
  );
}
