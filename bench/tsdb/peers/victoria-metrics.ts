import { join } from 'node:path';
import { untilIdle } from '../process-cost.js';
import { diskBytes } from './disk-usage.js';
import type { ServerKind } from './server.js';

const SETTLE_LIMIT_MS = 60_000;

export const VICTORIA_METRICS: ServerKind = {
  binaries: ['victoria-metrics', 'victoria-metrics-prod'],
  apiPath: '/api/v1',
  uncached: '&nocache=1',
  flags: (dir, port) => [
    `-storageDataPath=${join(dir, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    // The scenario is set in the past.
    '-retentionPeriod=100y',
    '-loggerLevel=ERROR',
  ],
  settle: async ({ http, pid }, _endMs, quietMs) => {
    await http.get('/internal/force_flush');
    await http.get('/internal/force_merge');
    await untilIdle(pid, quietMs, SETTLE_LIMIT_MS);
    return 'VictoriaMetrics at rest: after /internal/force_flush and /internal/force_merge, its whole folder';
  },
  restingBytes: (dir) => diskBytes(join(dir, 'data')),
};
