import {
  type Actor,
  type Clock,
  type EntityId,
  LabkeeperError,
  type RecordStore,
  type RecordTransaction,
  type TaskHandle,
  type Verdict,
  type VerdictStatus,
} from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { EngineEvents } from '../engine-events.js';
import type { EntityChecks } from '../entities/entity-book.js';
import { cutPage, type ListPage, type PageRequest } from '../paging.js';
import type { CheckInstance } from '../plan/plan.js';
import {
  CHECK_STATES,
  type CheckRecord,
  LAST_RESULTS,
  LAST_RESULTS_KEY,
  type LastResults,
} from './check-record.js';
import type { CheckFilter, CheckStatus } from './check-status.js';
import type { CheckCounts, Checks } from './checks.js';
import { type Moment, type RunStart, WatchedCheck } from './watched-check.js';

/** From the worst to the best: the status of an entity is the worst of its checks. */
const WORST_FIRST: readonly VerdictStatus[] = ['down', 'degraded', 'unknown', 'up'];

/** What follows from a result or a person's decision; done by whoever looks after alerts. */
export interface CheckConsequences {
  /** A check has a new result, or has fallen silent. Called for every run, so it must be quick when all is well. */
  consider(check: WatchedCheck): void;
  /** A check was taken in or redefined: what the store has of it may be out of date. */
  taken(check: WatchedCheck): void;
  /** Resolves when what was considered so far is written, or cannot be written now. */
  settled(): Promise<void>;
  /** Writes a person's decision together with what it does to the check's alert. */
  decide(
    check: WatchedCheck,
    decision: { readonly kind: 'paused' | 'resumed'; readonly by: Actor },
  ): Promise<void>;
  /** Entity whose failure holds back the alert of this check. */
  suppressedBy(check: WatchedCheck): EntityId | undefined;
}

interface BoardParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly events: EventBus<EngineEvents>;
  /** Time awake; see the heartbeat. */
  readonly awakeMs: () => number;
  /** The target of a check answered. */
  readonly onSeen: (entity: EntityId, seenMs: number) => void;
}

/** All checks of the plan with what is known of them. */
export class CheckBoard implements Checks, EntityChecks {
  readonly #checks = new Map<string, WatchedCheck>();
  readonly #byEntity = new Map<EntityId, WatchedCheck[]>();
  readonly #records = new Map<string, CheckRecord>();
  #lastResults: LastResults = {};
  #sorted: readonly WatchedCheck[] | undefined;
  #consequences: CheckConsequences | undefined;

  constructor(private readonly parts: BoardParts) {}

  /** Board and alerts need each other; this closes the circle. */
  connect(consequences: CheckConsequences): void {
    this.#consequences = consequences;
  }

  /** Reads what was known at the last stop. */
  async load(): Promise<void> {
    const collection = this.parts.records.collection<CheckRecord>(CHECK_STATES);
    let cursor: string | undefined;
    do {
      const page = await collection.list({ limit: 1_000, ...(cursor ? { cursor } : {}) });
      for (const { key, value } of page.records) this.#records.set(key, value);
      cursor = page.nextCursor;
    } while (cursor);
    const last = await this.parts.records.collection<LastResults>(LAST_RESULTS).get(LAST_RESULTS_KEY);
    this.#lastResults = last?.value ?? {};
  }

  /** Takes a check in, with what is known of it from before. */
  add(definition: CheckInstance): void {
    const id = definition.name;
    const known = { record: this.#records.get(id), last: this.#lastResults[id] };
    const check = new WatchedCheck(definition, this.moment(), known);
    this.#records.delete(id);
    this.#checks.set(id, check);
    // Only this one: thousands come one after the other at the start, and many may watch one entity.
    this.#sorted = undefined;
    this.#index(check);
    this.#taken(check);
  }

  /** The same check with other settings. */
  redefine(definition: CheckInstance): void {
    const check = this.#require(definition.name);
    check.redefine(definition, this.moment());
    this.#reindex();
    this.#taken(check);
  }

  /** Lets go of a check. Its record stays until {@link deleteRecords}. */
  remove(id: string): WatchedCheck {
    const check = this.#require(id);
    this.#checks.delete(id);
    this.#reindex();
    this.parts.events.emit('check.removed', { id });
    return check;
  }

  watched(id: string): WatchedCheck | undefined {
    return this.#checks.get(id);
  }

  bySource(source: string): WatchedCheck | undefined {
    const check = this.#checks.get(source.slice(source.indexOf('/') + 1));
    return check?.source === source ? check : undefined;
  }

  all(): Iterable<WatchedCheck> {
    return this.#checks.values();
  }

  /** Checks of these entities that are at work. */
  activeOf(entities: readonly EntityId[]): readonly WatchedCheck[] {
    return entities.flatMap((entity) =>
      (this.#byEntity.get(entity) ?? []).filter(({ isPaused }) => !isPaused),
    );
  }

  /** Records of checks that the plan has no more. Empty once they are deleted. */
  strayRecords(): readonly string[] {
    return [...this.#records.keys()];
  }

  async deleteRecords(transaction: RecordTransaction, ids: readonly string[]): Promise<void> {
    for (const id of ids) await transaction.collection<CheckRecord>(CHECK_STATES).delete(id);
    for (const id of ids) this.#records.delete(id);
  }

  async writeRecord(transaction: RecordTransaction, id: string, record: CheckRecord): Promise<void> {
    await transaction.collection<CheckRecord>(CHECK_STATES).put(id, record);
  }

  /** A check runs from now on. */
  scheduled(id: string, task: TaskHandle): void {
    this.#checks.get(id)?.begin(task, this.moment());
  }

  /** Takes the result of a run. Called for every run of every check. */
  record(id: string, verdict: Verdict, start: RunStart): void {
    const check = this.#checks.get(id);
    if (!check) return;
    check.record(verdict, start, this.moment());
    if (verdict.status === 'up' || verdict.status === 'degraded')
      this.parts.onSeen(check.definition.entity, start.startMs);
    this.parts.events.emit('check.result', { check: this.#status(check) });
    this.#consequences?.consider(check);
  }

  /** Finds checks whose data has stopped coming. Called every few seconds. */
  watchForSilence(): void {
    const moment = this.moment();
    for (const check of this.#checks.values()) {
      if (!check.fallsSilent(moment)) continue;
      check.silence(moment);
      this.#tellChanged(check);
      this.#consequences?.consider(check);
    }
  }

  /** Keeps the last results over a stop in order, so that the next start has something to show at once. */
  async writeLastResults(): Promise<void> {
    const results: Record<string, LastResults[string]> = {};
    for (const check of this.#checks.values()) {
      const last = check.lastResult();
      if (last) results[check.id] = last;
    }
    if (this.#checks.size > 0)
      await this.parts.records.collection<LastResults>(LAST_RESULTS).put(LAST_RESULTS_KEY, results);
  }

  list(filter: CheckFilter = {}, page?: PageRequest): ListPage<CheckStatus> {
    this.#sorted ??= [...this.#checks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const found = cutPage(
      this.#sorted.filter(matches(filter)),
      { list: 'checks', keyOf: ({ id }) => id },
      page,
    );
    return { ...found, items: found.items.map((check) => this.#status(check)) };
  }

  get(id: string): CheckStatus | undefined {
    const check = this.#checks.get(id);
    return check && this.#status(check);
  }

  counts(): CheckCounts {
    const counts = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0 };
    for (const check of this.#checks.values()) counts[check.isPaused ? 'paused' : check.shownStatus] += 1;
    return counts;
  }

  async runNow(id: string): Promise<CheckStatus> {
    const check = this.#require(id);
    await check.task?.runNow();
    await this.#consequences?.settled();
    return this.#status(check);
  }

  pause(id: string, by: Actor): Promise<CheckStatus> {
    return this.#decide(id, 'paused', by);
  }

  resume(id: string, by: Actor): Promise<CheckStatus> {
    return this.#decide(id, 'resumed', by);
  }

  statusOf(entity: EntityId): VerdictStatus {
    const statuses = this.activeOf([entity]).map(({ state }) => state.status);
    return WORST_FIRST.find((status) => statuses.includes(status)) ?? 'unknown';
  }

  dependenciesOf(entity: EntityId): Iterable<EntityId> {
    return (this.#byEntity.get(entity) ?? []).flatMap(({ definition }) => definition.dependsOn);
  }

  tellVerdict(check: WatchedCheck, from: VerdictStatus, to: VerdictStatus): void {
    this.parts.events.emit('verdict.changed', { check: this.#status(check), from, to });
  }

  moment(): Moment {
    return { nowMs: Math.round(this.parts.clock.now()), awakeMs: this.parts.awakeMs() };
  }

  async #decide(id: string, kind: 'paused' | 'resumed', by: Actor): Promise<CheckStatus> {
    const check = this.#require(id);
    if (check.isPaused === (kind === 'paused')) return this.#status(check);
    await this.#consequences?.decide(check, { kind, by });
    if (kind === 'paused') check.task?.pause();
    else check.task?.resume();
    this.#tellChanged(check);
    return this.#status(check);
  }

  #taken(check: WatchedCheck): void {
    this.#tellChanged(check);
    this.#consequences?.taken(check);
  }

  #tellChanged(check: WatchedCheck): void {
    this.parts.events.emit('check.changed', { check: this.#status(check) });
  }

  #require(id: string): WatchedCheck {
    const check = this.#checks.get(id);
    if (!check) throw new LabkeeperError('TASK_UNKNOWN', `there is no check '${id}'`, { found: id });
    return check;
  }

  #status(check: WatchedCheck): CheckStatus {
    return check.toStatus(this.#consequences?.suppressedBy(check));
  }

  #reindex(): void {
    this.#sorted = undefined;
    this.#byEntity.clear();
    for (const check of this.#checks.values()) this.#index(check);
  }

  #index(check: WatchedCheck): void {
    const { entity } = check.definition;
    const others = this.#byEntity.get(entity);
    if (others) others.push(check);
    else this.#byEntity.set(entity, [check]);
  }
}

function matches({ status, text, entity }: CheckFilter): (check: WatchedCheck) => boolean {
  const wanted = text?.toLowerCase();
  return (check) => {
    const { name, displayName, entity: own } = check.definition;
    if (entity !== undefined && own !== entity) return false;
    if (status !== undefined && (check.isPaused ? 'paused' : check.shownStatus) !== status) return false;
    return wanted === undefined || `${name}\n${displayName}\n${own}`.toLowerCase().includes(wanted);
  };
}
