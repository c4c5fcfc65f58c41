import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { MetricDescription } from '@labkeeper/core';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { AttemptThrottle } from './access/attempt-throttle.js';
import type { SessionStore } from './access/session-store.js';
import type { ApiParts, ApiSettings, HostPhase, PluginRoutes } from './api-parts.js';
import type { LiveHub } from './live/live-hub.js';
import type { LatestSeries } from './metrics/latest-series.js';
import type { ServerRegistry } from './servers/server-registry.js';
import type { ServerTally } from './servers/server-tally.js';
import type { ServerViews } from './servers/server-views.js';
import type { ProcessMonitor } from './system/process-metrics.js';

/** The server, with the types of handlers taken from their routes' schemas. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What routes work with. */
export interface ApiContext extends ApiParts {
  readonly settings: () => ApiSettings;
  readonly phase: () => HostPhase;
  readonly problems: () => readonly string[];
  readonly routes: readonly PluginRoutes[];
  readonly metricDescriptions: () => readonly MetricDescription[];
  readonly startedAtMs: number;
  readonly sessions: SessionStore;
  readonly wrongKeys: AttemptThrottle;
  readonly wrongLogins: AttemptThrottle;
  readonly registry: ServerRegistry;
  readonly tally: ServerTally;
  readonly latest: LatestSeries;
  readonly views: ServerViews;
  readonly hub: LiveHub;
  readonly monitor: ProcessMonitor;
}
