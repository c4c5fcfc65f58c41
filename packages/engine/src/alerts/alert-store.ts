import type {
  Alert,
  CollectionDeclaration,
  ListQuery,
  RecordStore,
  RecordTransaction,
} from '@labkeeper/core';
import { type ListPage, type PageRequest, readAll, storedPage } from '../paging.js';
import { REOPEN_WITHIN_MS } from './alert-machine.js';
import { type AlertCounts, type AlertFilter, alertStatus } from './alerts.js';
import { type KeptAlert, UNTOLD } from './kept-alert.js';

/** A stored alert with the texts it is found by: one for every combination of conditions in {@link AlertFilter}. */
interface StoredAlert extends KeptAlert {
  readonly resolvedAtMs?: number;
  /** Why it must be in memory although it may be resolved. */
  readonly attention?: 'firing' | 'closed-by-hand' | 'ending';
  readonly status: string;
  readonly severity: string;
  readonly entity?: string;
  readonly statusSeverity: string;
  readonly statusEntity?: string;
  readonly severityEntity?: string;
  readonly statusSeverityEntity?: string;
}

const ALERTS: CollectionDeclaration = {
  name: 'alerts',
  indexes: {
    resolvedAtMs: 'number',
    attention: 'text',
    status: 'text',
    severity: 'text',
    entity: 'text',
    statusSeverity: 'text',
    statusEntity: 'text',
    severityEntity: 'text',
    statusSeverityEntity: 'text',
  },
};

/** The alerts: those that fire, and those that may come back soon, in memory; all of them on disk. */
export class AlertStore {
  readonly #byId = new Map<string, KeptAlert>();
  readonly #bySource = new Map<string, KeptAlert>();
  readonly #firing = new Map<string, KeptAlert>();
  #version = 0;

  constructor(private readonly records: RecordStore) {}

  /** Reads what was firing, or had just stopped, at the last stop. */
  async load(nowMs: number): Promise<void> {
    const collection = this.records.collection<StoredAlert>(ALERTS);
    const queries: ListQuery[] = [
      { index: 'resolvedAtMs', from: nowMs - REOPEN_WITHIN_MS },
      { index: 'attention' },
    ];
    for (const query of queries)
      for await (const stored of readAll(collection, query)) this.accept(keptOf(stored));
  }

  /** The last alert of a source, open or just resolved. Called for every result of a check. */
  bySource(source: string): KeptAlert | undefined {
    return this.#bySource.get(source);
  }

  /** One alert, from memory or disk. */
  async find(id: string): Promise<KeptAlert | undefined> {
    const known = this.#byId.get(id);
    if (known) return known;
    const stored = (await this.records.collection<StoredAlert>(ALERTS).get(id))?.value;
    return stored && keptOf(stored);
  }

  /** Grows with every change of an alert in memory. */
  get version(): number {
    return this.#version;
  }

  firing(): readonly KeptAlert[] {
    return [...this.#firing.values()];
  }

  *firingAlerts(): Generator<Alert> {
    for (const { alert } of this.#firing.values()) yield alert;
  }

  /** One alert from memory. */
  kept(id: string): KeptAlert | undefined {
    return this.#byId.get(id);
  }

  isFiring(id: string): boolean {
    return this.#firing.has(id);
  }

  /** What a group has to tell. */
  dueIn(channel: string, group: string): readonly KeptAlert[] {
    return [...this.#byId.values()].filter(({ due }) => due[channel]?.group === group);
  }

  /** Sources that begin so and whose last alert fires, or was closed by hand. */
  openSources(prefix: string): readonly string[] {
    return [...this.#bySource.values()].flatMap(({ source, alert, isClosedByHand }) =>
      source.startsWith(prefix) && (alert.state === 'firing' || isClosedByHand) ? [source] : [],
    );
  }

  async list(filter: AlertFilter = {}, page?: PageRequest): Promise<ListPage<Alert>> {
    const { index, equals } = facetOf(filter);
    const collection = this.records.collection<StoredAlert>(ALERTS);
    // Ids are in the order of time, and ties of an index are in the order of ids.
    const query = index === undefined ? {} : { index, equals };
    const found = await storedPage(collection, { ...query, order: 'descending' as const }, page);
    return { ...found, items: found.items.map(({ alert }) => alert) };
  }

  counts(): AlertCounts {
    const counts = { open: 0, acknowledged: 0, suppressed: 0, critical: 0, high: 0, medium: 0, low: 0 };
    for (const { alert } of this.firing()) {
      counts[alert.acknowledgement ? 'acknowledged' : 'open'] += 1;
      counts[alert.severity] += 1;
      if (alert.suppression) counts.suppressed += 1;
    }
    return counts;
  }

  async write(transaction: RecordTransaction, kept: KeptAlert): Promise<void> {
    await transaction.collection<StoredAlert>(ALERTS).put(kept.alert.id, storedOf(kept));
  }

  /** The transaction is on disk: from now on this is the alert. */
  accept(kept: KeptAlert): void {
    const { id, state } = kept.alert;
    this.#version += 1;
    this.#byId.set(id, kept);
    if (state === 'firing') this.#firing.set(id, kept);
    else this.#firing.delete(id);
    // Ids are in the order of time.
    if ((this.#bySource.get(kept.source)?.alert.id ?? '') <= id) this.#bySource.set(kept.source, kept);
  }

  /** Lets go of alerts that are over for good. */
  forget(nowMs: number): void {
    for (const [id, kept] of this.#byId) {
      const { state, resolvedAtMs = 0 } = kept.alert;
      if (state !== 'resolved' || kept.isClosedByHand || isEnding(kept)) continue;
      if (nowMs - resolvedAtMs <= REOPEN_WITHIN_MS) continue;
      this.#byId.delete(id);
      if (this.#bySource.get(kept.source) === kept) this.#bySource.delete(kept.source);
    }
  }

  /** Removes alerts that were resolved before that time; returns how many. */
  prune(beforeMs: number): Promise<number> {
    return this.records.collection<StoredAlert>(ALERTS).deleteWhere({ index: 'resolvedAtMs', to: beforeMs });
  }
}

function facetOf({ status, severity, entity }: AlertFilter): { index?: string; equals: string } {
  const parts = Object.entries({ status, severity, entity }).filter(([, value]) => value !== undefined);
  if (parts.length === 0) return { equals: '' };
  const names = parts.map(([name], place) => (place === 0 ? name : name[0]?.toUpperCase() + name.slice(1)));
  return { index: names.join(''), equals: parts.map(([, value]) => value).join(' ') };
}

function storedOf(kept: KeptAlert): StoredAlert {
  const { severity, entity, resolvedAtMs } = kept.alert;
  const status = alertStatus(kept.alert);
  const attention = attentionOf(kept);
  return {
    ...kept,
    ...(resolvedAtMs === undefined ? {} : { resolvedAtMs }),
    ...(attention === undefined ? {} : { attention }),
    ...{ status, severity, statusSeverity: `${status} ${severity}` },
    ...(entity === undefined
      ? {}
      : {
          entity,
          statusEntity: `${status} ${entity}`,
          severityEntity: `${severity} ${entity}`,
          statusSeverityEntity: `${status} ${severity} ${entity}`,
        }),
  };
}

function attentionOf(kept: KeptAlert): StoredAlert['attention'] {
  if (kept.alert.state === 'firing') return 'firing';
  if (kept.isClosedByHand) return 'closed-by-hand';
  return isEnding(kept) ? 'ending' : undefined;
}

/** It is over, and a group has yet to tell of that. */
function isEnding({ due }: KeptAlert): boolean {
  return Object.keys(due).length > 0;
}

/** Without what is there for searching only; alerts of an older version lack what they knew nothing of. */
function keptOf({
  resolvedAtMs: _resolved,
  attention: _attention,
  status: _status,
  severity: _severity,
  entity: _entity,
  statusSeverity: _statusSeverity,
  statusEntity: _statusEntity,
  severityEntity: _severityEntity,
  statusSeverityEntity: _all,
  ...kept
}: StoredAlert): KeptAlert {
  const isHeld = kept.alert.suppression !== undefined || kept.isQuiet;
  const older: Partial<KeptAlert> = { ...UNTOLD, owed: isHeld ? 'new' : 'nothing' };
  return { ...older, ...kept };
}
