import { describeError, type Static } from '@labkeeper/core';
import { readable } from '../access/route-access.js';
import type { ApiApp, ApiContext } from '../api-context.js';
import { isoTime } from '../schemas/shape.js';
import { healthShape, statsShape, systemHealthShape } from './system-shape.js';
import { statsReader } from './system-stats.js';

const tags = ['system'];

/** How Labkeeper itself is. */
export function systemRoutes(app: ApiApp, context: ApiContext): void {
  const { phase, clock, version, startedAtMs, problems } = context;
  const statusOf = (storage: string): Static<typeof healthShape>['status'] => {
    if (phase() !== 'running') return 'starting';
    return storage === 'ok' ? 'ok' : 'problem';
  };

  app.get(
    '/health',
    {
      config: readable('public'),
      schema: {
        summary: 'Whether it runs; for health checks',
        tags,
        response: { 200: healthShape, 503: healthShape },
      },
    },
    async (_, reply) => {
      const status = statusOf(await storageHealth(context));
      return reply
        .code(status === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status });
    },
  );

  app.get(
    '/api/v1/system/health',
    {
      config: readable('viewer'),
      schema: { summary: 'How Labkeeper itself is', tags, response: { 200: systemHealthShape } },
    },
    async () => {
      const storage = await storageHealth(context);
      const nowMs = clock.now();
      return {
        status: statusOf(storage),
        version,
        started_at: isoTime(startedAtMs),
        uptime_seconds: Math.floor((nowMs - startedAtMs) / 1_000),
        storage,
        problems: [...problems()],
      };
    },
  );

  const readStats = statsReader(context);
  app.get(
    '/api/v1/system/stats',
    {
      config: readable('viewer'),
      schema: { summary: 'Counts, and what Labkeeper uses', tags, response: { 200: statsShape } },
    },
    () => readStats(),
  );
}

/** `ok`, or a sentence. A store that fails to answer is not well either. */
async function storageHealth({ storage }: ApiContext): Promise<string> {
  try {
    const health = await storage.health();
    return health === 'ok' ? 'ok' : health.problem;
  } catch (error) {
    return describeError(error);
  }
}
