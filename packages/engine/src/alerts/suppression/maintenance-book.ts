import {
  type Actor,
  type Alert,
  type Clock,
  type CollectionDeclaration,
  type EntityId,
  LabkeeperError,
  type Maintenance,
  type MaintenanceSpan,
  type RecordStore,
} from '@labkeeper/core';
import type { Journal, JournalEntry } from '../../journal/journal.js';
import { readAll } from '../../paging.js';
import { labelsMatch } from '../telling/alert-matchers.js';
import { byActor } from '../trail.js';
import { maintenanceProblem, maintenanceSpan } from './maintenance-times.js';

const MAINTENANCE: CollectionDeclaration = { name: 'maintenance' };
/** The next opening is looked up anew after this time at the latest, in case the clock was set back. */
const LOOKED_UP_FOR_MS = 60_000;

/** A window as people see it. */
export interface MaintenanceStatus extends Maintenance {
  /** From the configuration file, or made by a person. */
  readonly origin: 'file' | 'person';
  readonly isOpen: boolean;
  /** The opening that is going on, or the next one. Absent: it does not open any more. */
  readonly occurrence?: MaintenanceSpan;
}

interface Known {
  readonly maintenance: Maintenance;
  readonly origin: MaintenanceStatus['origin'];
  span?: { readonly value: MaintenanceSpan | undefined; readonly lookedUpAtMs: number };
}

interface MaintenanceBookParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Everything that an entity needs, directly or through others. */
  readonly ancestorsOf: (id: EntityId) => readonly EntityId[];
  readonly onChange: () => void;
}

/** The maintenance windows of the file and those that people have made. */
export class MaintenanceBook {
  readonly #ofPeople = new Map<string, Known>();
  #ofFile: ReadonlyMap<string, Known> = new Map();

  constructor(private readonly parts: MaintenanceBookParts) {}

  async load(): Promise<void> {
    for await (const maintenance of readAll(this.parts.records.collection<Maintenance>(MAINTENANCE)))
      this.#ofPeople.set(maintenance.name, { maintenance, origin: 'person' });
  }

  /** Windows of a new plan. A window of the file takes the place of one that a person has made under its name. */
  usePlan(windows: readonly Maintenance[]): void {
    this.#ofFile = new Map(
      windows.map((maintenance) => [maintenance.name, { maintenance, origin: 'file' as const }]),
    );
  }

  /** Sorted by name. */
  list(): readonly MaintenanceStatus[] {
    return [...this.#all()].map((known) => this.#status(known)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Name of an open window that covers an alert. */
  of(alert: Alert): string | undefined {
    for (const known of this.#all())
      if (this.#isOpen(known) && this.#covers(known.maintenance, alert)) return known.maintenance.name;
    return undefined;
  }

  /**
   * Makes or changes a window. Durable when it resolves. Rejects with VALIDATION_ERROR, or CONFLICT for the name of one that is in the
   * configuration file.
   */
  async put(maintenance: Maintenance, by: Actor): Promise<MaintenanceStatus> {
    this.#assertOfPeople(maintenance.name);
    const problem = maintenanceProblem(maintenance);
    if (problem !== undefined) throw new LabkeeperError('VALIDATION_ERROR', problem, { field: 'times' });
    assertMatchers(maintenance);
    await this.#save(maintenance.name, maintenance, {
      ...byActor(by),
      kind: 'maintenance.changed',
      reason: `the maintenance '${maintenance.name}' was set by ${by.name}`,
    });
    const known: Known = { maintenance, origin: 'person' };
    this.#ofPeople.set(maintenance.name, known);
    this.parts.onChange();
    return this.#status(known);
  }

  /** Removes a window; true when there was one. Rejects with CONFLICT for one of the configuration file. */
  async delete(name: string, by: Actor): Promise<boolean> {
    this.#assertOfPeople(name);
    if (!this.#ofPeople.has(name)) return false;
    await this.#save(name, undefined, {
      ...byActor(by),
      kind: 'maintenance.removed',
      reason: `the maintenance '${name}' was removed by ${by.name}`,
    });
    this.#ofPeople.delete(name);
    this.parts.onChange();
    return true;
  }

  *#all(): Generator<Known> {
    yield* this.#ofFile.values();
    for (const [name, known] of this.#ofPeople) if (!this.#ofFile.has(name)) yield known;
  }

  #assertOfPeople(name: string): void {
    if (this.#ofFile.has(name))
      throw new LabkeeperError('CONFLICT', `the maintenance '${name}' is in the configuration file`, {
        field: 'name',
      });
  }

  #save(name: string, maintenance: Maintenance | undefined, row: JournalEntry): Promise<void> {
    return this.parts.records.transaction(async (transaction) => {
      const collection = transaction.collection<Maintenance>(MAINTENANCE);
      if (maintenance) await collection.put(name, maintenance);
      else await collection.delete(name);
      await this.parts.journal.write(transaction, row);
    });
  }

  #status(known: Known): MaintenanceStatus {
    const occurrence = this.#span(known);
    const status = { ...known.maintenance, origin: known.origin, isOpen: this.#isOpen(known) };
    return occurrence ? { ...status, occurrence } : status;
  }

  #isOpen(known: Known): boolean {
    const span = this.#span(known);
    const nowMs = this.parts.clock.now();
    return span !== undefined && span.fromMs <= nowMs && nowMs < span.toMs;
  }

  /** Counting out times of day is slow, and their answer stays the same until the window closes. */
  #span(known: Known): MaintenanceSpan | undefined {
    const nowMs = this.parts.clock.now();
    const { span } = known;
    const isValid =
      span !== undefined &&
      Math.abs(nowMs - span.lookedUpAtMs) < LOOKED_UP_FOR_MS &&
      nowMs < (span.value?.toMs ?? Number.POSITIVE_INFINITY);
    if (!isValid) known.span = { value: maintenanceSpan(known.maintenance, nowMs), lookedUpAtMs: nowMs };
    return known.span?.value;
  }

  #covers({ matchers = [], entities = [] }: Maintenance, { labels, entity }: Alert): boolean {
    if (!labelsMatch(matchers, labels)) return false;
    if (entities.length === 0) return true;
    if (entity === undefined) return false;
    return entities.includes(entity) || this.parts.ancestorsOf(entity).some((id) => entities.includes(id));
  }
}

function assertMatchers({ matchers = [], name }: Maintenance): void {
  if (name === '')
    throw new LabkeeperError('VALIDATION_ERROR', 'a maintenance needs a name', { field: 'name' });
  try {
    labelsMatch(matchers, {});
  } catch (error) {
    throw new LabkeeperError('VALIDATION_ERROR', (error as Error).message, { field: 'matchers' });
  }
}
