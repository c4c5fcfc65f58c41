import type { Clock } from '@labkeeper/core';
import type { LatestSeries } from '../metrics/latest-series.js';
import { type MetricsView, metricsView } from '../metrics/metrics-shape.js';
import { type ServerMetrics, serverMetrics } from '../metrics/server-metrics.js';
import { type KnownServer, registryFields, statusOf } from './server-record.js';
import type { ServerRegistry } from './server-registry.js';
import type { ServerView } from './server-shape.js';
import type { ServerTally } from './server-tally.js';

/** Servers as they travel: the registry, the latest figures, and what is counted. All of it is in memory. */
export class ServerViews {
  constructor(
    private readonly parts: {
      readonly registry: ServerRegistry;
      readonly latest: LatestSeries;
      readonly tally: ServerTally;
      readonly clock: Clock;
    },
  ) {}

  of(server: KnownServer): ServerView {
    const { tally, clock } = this.parts;
    return {
      ...registryFields(server, clock.now()),
      checks: { ...tally.checksOf(server.serverId) },
      open_alerts: tally.openAlertsOf(server.serverId),
      latest: this.latestOf(server.serverId),
    };
  }

  /** The latest figures, null when nothing was measured in the last two minutes. */
  latestOf(serverId: string): MetricsView | null {
    const metrics = this.metricsOf(serverId);
    return metrics ? metricsView(metrics) : null;
  }

  metricsOf(serverId: string): ServerMetrics | undefined {
    return serverMetrics(this.parts.latest.of(serverId, this.parts.clock.now()));
  }

  statusOf(serverId: string): ServerView['status'] {
    return statusOf(this.parts.registry.find(serverId)?.entity, this.parts.clock.now());
  }

  /** How many servers are in which state. */
  counts(): { total: number; online: number; offline: number; unknown: number } {
    const ids = this.parts.registry.ids();
    const counts = { total: ids.length, online: 0, offline: 0, unknown: 0 };
    for (const id of ids) counts[this.statusOf(id)] += 1;
    return counts;
  }
}
