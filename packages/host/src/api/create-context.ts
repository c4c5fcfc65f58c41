import { AttemptThrottle } from './access/attempt-throttle.js';
import { WRONG_KEYS } from './access/authenticate.js';
import { SessionStore } from './access/session-store.js';
import { alertShape, alertView } from './alerts/alert-shape.js';
import type { ApiContext } from './api-context.js';
import type { ApiParts } from './api-parts.js';
import { checkShape, checkView } from './checks/check-shape.js';
import { ChangeFeed, type ChangeTexts } from './live/change-feed.js';
import { LiveHub } from './live/live-hub.js';
import { LatestSeries } from './metrics/latest-series.js';
import { serializerFor } from './schemas/serializer.js';
import { ServerRegistry } from './servers/server-registry.js';
import { serverShape } from './servers/server-shape.js';
import { ServerTally } from './servers/server-tally.js';
import { ServerViews } from './servers/server-views.js';
import { WRONG_LOGINS } from './session/session-routes.js';
import { ProcessMonitor } from './system/process-metrics.js';
import { countsShape } from './system/system-shape.js';
import { countsView } from './system/system-stats.js';

/** Builds everything that routes work with, out of the parts that the host gives. */
export function createContext(parts: ApiParts): { readonly context: ApiContext; readonly feed: ChangeFeed } {
  const { clock, engine, storage } = parts;
  // The registry tells the feed of what people change; the feed needs the registry.
  let feed: ChangeFeed | undefined;
  const registry = new ServerRegistry({
    records: storage.records,
    entities: engine.entities,
    clock,
    onChange: (serverId) => feed?.serverChanged(serverId),
  });
  const latest = new LatestSeries();
  const tally = new ServerTally(engine);
  const context: ApiContext = {
    ...parts,
    settings: parts.settings ?? (() => ({ allowedOrigins: [] })),
    phase: parts.phase ?? (() => 'running'),
    problems: parts.problems ?? (() => []),
    routes: parts.routes ?? [],
    metricDescriptions: parts.metricDescriptions ?? (() => []),
    startedAtMs: clock.now(),
    sessions: new SessionStore(storage.records, clock),
    wrongKeys: new AttemptThrottle(clock, WRONG_KEYS),
    wrongLogins: new AttemptThrottle(clock, WRONG_LOGINS),
    registry,
    tally,
    latest,
    views: new ServerViews({ registry, latest, tally, clock }),
    hub: new LiveHub(parts.bootId, clock),
    monitor: new ProcessMonitor(clock),
  };
  feed = new ChangeFeed({ ...context, texts: changeTexts(context) });
  return { context, feed };
}

/** Live events carry the very JSON of the routes. */
function changeTexts(context: ApiContext): ChangeTexts {
  const { redactor, registry, tally, views } = context;
  const check = serializerFor(checkShape, redactor);
  const alert = serializerFor(alertShape, redactor);
  const server = serializerFor(serverShape, redactor);
  const counts = serializerFor(countsShape, redactor);
  return {
    check: (status) => check(checkView(status)),
    alert: (one) => alert(alertView(one, tally.serverOf(one.entity))),
    server: (serverId) => server(views.of(registry.get(serverId))),
    stats: () => counts(countsView(context)),
  };
}
