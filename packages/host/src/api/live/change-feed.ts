import type { Alert, Clock, Entity, EntityId, SampleBatch, Timer } from '@labkeeper/core';
import type { CheckStatus, Engine } from '@labkeeper/engine';
import type { LatestSeries } from '../metrics/latest-series.js';
import { serverIdOf } from '../servers/server-lookup.js';
import type { ServerRegistry } from '../servers/server-registry.js';
import type { ServerTally } from '../servers/server-tally.js';
import type { ServerViews } from '../servers/server-views.js';
import { ChangeGate } from './change-gate.js';
import type { LiveHub } from './live-hub.js';

/** A server goes offline by not being heard of, which is no event. Somebody has to look. */
const SWEEP_INTERVAL_MS = 5_000;

/** Each thing as JSON, the same as its own route answers. */
export interface ChangeTexts {
  check(check: CheckStatus): string;
  alert(alert: Alert): string;
  server(serverId: string): string;
  stats(): string;
}

export interface ChangeFeedParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hub: LiveHub;
  readonly registry: ServerRegistry;
  readonly views: ServerViews;
  readonly tally: ServerTally;
  readonly latest: LatestSeries;
  readonly texts: ChangeTexts;
}

type Key = `check/${string}` | `alert/${string}` | `server/${string}` | 'stats';

/**
 * Hears what the engine tells and does two things with it: keeps what is in memory up to date, always; and tells the
 * clients of the stream, while there are any.
 */
export class ChangeFeed {
  readonly #gate: ChangeGate<Key>;
  readonly #unsubscribes: (() => void)[] = [];
  /** Alerts that wait at the gate, as they were last. */
  readonly #alerts = new Map<string, Alert>();
  readonly #sweptStatus = new Map<string, string>();
  #sweep: Timer | undefined;

  constructor(private readonly parts: ChangeFeedParts) {
    this.#gate = new ChangeGate(parts.clock, (key) => this.#tell(key));
  }

  start(): void {
    const { events } = this.parts.engine;
    this.#unsubscribes.push(
      events.on('check.result', ({ check }) => this.#checkChanged(check)),
      events.on('check.changed', ({ check }) => {
        this.#checkChanged(check);
        this.#changed('stats');
      }),
      events.on('verdict.changed', () => this.#changed('stats')),
      events.on('check.removed', ({ id }) => this.#checkRemoved(id)),
      events.on('alert.changed', ({ alert }) => this.#alertChanged(alert)),
      events.on('entity.seen', ({ entity, change }) => this.#entitySeen(entity, change)),
      events.on('entity.removed', ({ id }) => this.#entityRemoved(id)),
      events.on('samples.appended', ({ batch }) => this.#samplesAppended(batch)),
    );
  }

  /** Somebody listens: look after servers that fall silent, until nobody does. */
  watch(): void {
    this.#sweep ??= this.parts.clock.setTimer(() => this.#sweepServers(), SWEEP_INTERVAL_MS);
  }

  /** A person has changed, added or removed a server. */
  serverChanged(serverId: string): void {
    this.#changed(`server/${serverId}`);
    this.#changed('stats');
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribes.splice(0)) unsubscribe();
    this.#sweep?.cancel();
    this.#gate.stop();
  }

  #checkChanged(check: CheckStatus): void {
    const servers = this.parts.tally.putCheck(check);
    this.#changed(`check/${check.id}`);
    for (const server of servers) this.#changed(`server/${server}`);
  }

  #checkRemoved(id: string): void {
    for (const server of this.parts.tally.removeCheck(id)) this.#changed(`server/${server}`);
    this.#changed(`check/${id}`);
    this.#changed('stats');
  }

  #alertChanged(alert: Alert): void {
    for (const server of this.parts.tally.putAlert(alert)) this.#changed(`server/${server}`);
    if (!this.parts.hub.isWanted) return;
    this.#alerts.set(alert.id, alert);
    this.#changed(`alert/${alert.id}`);
    this.#changed('stats');
  }

  #entitySeen(entity: Entity, change: 'new' | 'changed' | 'seen'): void {
    // Its checks may belong to another server now.
    if (change !== 'seen') this.parts.tally.markStale();
    const server = serverIdOf(entity.id);
    if (server === undefined) return;
    this.#changed(`server/${server}`);
    if (change === 'new') this.#changed('stats');
  }

  #entityRemoved(id: EntityId): void {
    this.parts.tally.markStale();
    const server = serverIdOf(id);
    if (server !== undefined) this.serverChanged(server);
  }

  #samplesAppended(batch: SampleBatch): void {
    for (const server of this.parts.latest.add(batch)) {
      if (this.parts.registry.find(server)) this.#changed(`server/${server}`);
    }
  }

  #sweepServers(): void {
    this.#sweep = undefined;
    if (!this.parts.hub.isWanted) {
      this.#sweptStatus.clear();
      return;
    }
    for (const id of this.parts.registry.ids()) {
      const status = this.parts.views.statusOf(id);
      const before = this.#sweptStatus.get(id);
      if (before !== undefined && before !== status) this.serverChanged(id);
      this.#sweptStatus.set(id, status);
    }
    this.watch();
  }

  #changed(key: Key): void {
    if (this.parts.hub.isWanted) this.#gate.changed(key);
  }

  #tell(key: Key): void {
    const slash = key.indexOf('/');
    const [kind, id] = slash < 0 ? [key, ''] : [key.slice(0, slash), key.slice(slash + 1)];
    if (kind === 'check') this.#tellCheck(id);
    else if (kind === 'server') this.#tellServer(id);
    else if (kind === 'alert') this.#tellAlert(id);
    else this.parts.hub.publish('stats', 'stats', this.parts.texts.stats());
  }

  #tellCheck(id: string): void {
    const { engine, hub, texts } = this.parts;
    const check = engine.checks.get(id);
    if (check) hub.publish('checks', 'check', texts.check(check));
    else hub.publish('checks', 'removed', JSON.stringify({ kind: 'check', id }));
  }

  #tellServer(id: string): void {
    const { registry, hub, texts } = this.parts;
    if (registry.find(id)) hub.publish('servers', 'server', texts.server(id));
    else hub.publish('servers', 'removed', JSON.stringify({ kind: 'server', id }));
  }

  #tellAlert(id: string): void {
    const { hub, texts } = this.parts;
    const alert = this.#alerts.get(id);
    this.#alerts.delete(id);
    if (alert) hub.publish('alerts', 'alert', texts.alert(alert));
  }
}
