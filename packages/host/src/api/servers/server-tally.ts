import type { Alert, EntityId, VerdictStatus } from '@labkeeper/core';
import { alertStatus, type CheckStatus, type Engine } from '@labkeeper/engine';
import { serverOfCheck, serverOfEntity } from './server-lookup.js';

/** How many checks of a server say what. */
export type CheckCounts = Readonly<Record<VerdictStatus, number>>;

interface Counted {
  readonly serverId: string;
  readonly status: VerdictStatus;
}

type TallyEngine = Pick<Engine, 'entities' | 'checks' | 'alerts'>;

/**
 * What belongs to which server, and how much of it: checks and open alerts, counted as they change, so that a list of
 * servers counts nothing.
 */
export class ServerTally {
  readonly #engine: TallyEngine;
  readonly #checks = new Map<string, Counted>();
  readonly #counts = new Map<string, Record<VerdictStatus, number>>();
  /** Entities that belong to a server because a check of theirs depends on it. */
  readonly #checkedEntities = new Map<EntityId, string>();
  readonly #alerts = new Map<string, string>();
  readonly #openAlerts = new Map<string, number>();
  #isStale = true;

  constructor(engine: TallyEngine) {
    this.#engine = engine;
  }

  /** What belongs to which server may have changed. Counting waits until somebody asks: entities often come in hundreds. */
  markStale(): void {
    this.#isStale = true;
  }

  /** A check as it is now. Returns the servers whose counts changed. */
  putCheck(check: Pick<CheckStatus, 'id' | 'entity' | 'dependsOn' | 'status'>): readonly string[] {
    const { id, entity, status } = check;
    const serverId = serverOfCheck(this.#engine.entities, check);
    const before = this.#checks.get(id);
    if (before?.serverId === serverId && before?.status === status) return [];
    const changed = this.removeCheck(id);
    if (serverId === undefined) return changed;
    this.#checks.set(id, { serverId, status });
    this.#checkedEntities.set(entity, serverId);
    this.#countsOf(serverId)[status] += 1;
    return [...changed, serverId];
  }

  removeCheck(checkId: string): readonly string[] {
    const before = this.#checks.get(checkId);
    if (!before) return [];
    this.#checks.delete(checkId);
    this.#countsOf(before.serverId)[before.status] -= 1;
    return [before.serverId];
  }

  /** An alert as it is now. Returns the servers whose count changed. */
  putAlert(alert: Alert): readonly string[] {
    const before = this.#alerts.get(alert.id);
    const now = alertStatus(alert) === 'open' ? this.#find(alert.entity) : undefined;
    if (before === now) return [];
    this.#countAlert(before, -1);
    this.#countAlert(now, 1);
    if (now === undefined) this.#alerts.delete(alert.id);
    else this.#alerts.set(alert.id, now);
    return [before, now].filter((id) => id !== undefined);
  }

  /** The server on which something runs; undefined for what runs on none. */
  serverOf(entity: EntityId | undefined): string | undefined {
    this.#freshen();
    return this.#find(entity);
  }

  checksOf(serverId: string): CheckCounts {
    this.#freshen();
    return this.#counts.get(serverId) ?? noChecks();
  }

  /** Ids of a server's checks, sorted. */
  checkIdsOf(serverId: string): readonly string[] {
    this.#freshen();
    return [...this.#checks]
      .filter(([, counted]) => counted.serverId === serverId)
      .map(([id]) => id)
      .sort();
  }

  openAlertsOf(serverId: string): number {
    this.#freshen();
    return this.#openAlerts.get(serverId) ?? 0;
  }

  #find(entity: EntityId | undefined): string | undefined {
    return entity && (serverOfEntity(this.#engine.entities, entity) ?? this.#checkedEntities.get(entity));
  }

  #freshen(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    for (const counted of [this.#checks, this.#counts, this.#checkedEntities, this.#alerts, this.#openAlerts])
      counted.clear();
    for (let cursor: string | undefined, isMore = true; isMore; ) {
      const page = this.#engine.checks.list({}, { limit: 1_000, cursor });
      for (const check of page.items) this.putCheck(check);
      cursor = page.nextCursor;
      isMore = cursor !== undefined;
    }
    for (const alert of this.#engine.alerts.firing()) this.putAlert(alert);
  }

  #countsOf(serverId: string): Record<VerdictStatus, number> {
    let counts = this.#counts.get(serverId);
    if (!counts) {
      counts = noChecks();
      this.#counts.set(serverId, counts);
    }
    return counts;
  }

  #countAlert(serverId: string | undefined, by: 1 | -1): void {
    if (serverId === undefined) return;
    const count = (this.#openAlerts.get(serverId) ?? 0) + by;
    if (count === 0) this.#openAlerts.delete(serverId);
    else this.#openAlerts.set(serverId, count);
  }
}

function noChecks(): Record<VerdictStatus, number> {
  return { up: 0, degraded: 0, down: 0, unknown: 0 };
}
