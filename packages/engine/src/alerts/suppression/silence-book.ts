import { randomUUID } from 'node:crypto';
import {
  type Actor,
  type Alert,
  type Clock,
  type CollectionDeclaration,
  LabkeeperError,
  type RecordStore,
  type RecordTransaction,
  SILENCE_STATES,
  type Silence,
  type SilenceRequest,
  type SilenceState,
  silenceState,
} from '@labkeeper/core';
import type { Journal, JournalEntry } from '../../journal/journal.js';
import { readAll } from '../../paging.js';
import { labelsMatch } from '../telling/alert-matchers.js';
import { byActor } from '../trail.js';
import type { Turns } from '../turns.js';
import { editSilence, endedSilence } from './silence-rules.js';

const SILENCES: CollectionDeclaration = { name: 'silences', indexes: { endsAtMs: 'number' } };
/** A silence that is over is shown for so long, as in Alertmanager. */
const KEPT_MS = 432_000_000;

interface SilenceBookParts {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly turns: Turns;
  readonly isFiring: (alertId: string) => boolean;
  /** What people are told may have changed. */
  readonly onChange: () => void;
}

/** All silences, in memory and on disk. */
export class SilenceBook {
  readonly #silences = new Map<string, Silence>();

  constructor(private readonly parts: SilenceBookParts) {}

  async load(): Promise<void> {
    for await (const silence of readAll(this.parts.records.collection<Silence>(SILENCES)))
      this.#silences.set(silence.id, silence);
  }

  /** Those that are not over, and those that are for less than five days; the newest change first. */
  list(): readonly Silence[] {
    const keptFromMs = this.#nowMs - KEPT_MS;
    return [...this.#silences.values()]
      .filter(({ endsAtMs }) => endsAtMs === undefined || endsAtMs > keptFromMs)
      .sort((a, b) => b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? -1 : 1));
  }

  counts(): Readonly<Record<SilenceState, number>> {
    const counts = Object.fromEntries(SILENCE_STATES.map((state) => [state, 0])) as Record<
      SilenceState,
      number
    >;
    for (const silence of this.list()) counts[silenceState(silence, this.#nowMs)] += 1;
    return counts;
  }

  /** The silence under which an alert is, if any: the one that lasts longest, so that the reason changes as seldom as can be. */
  of({ labels }: Alert): Silence | undefined {
    const nowMs = this.#nowMs;
    let found: Silence | undefined;
    for (const silence of this.#silences.values()) {
      if (silenceState(silence, nowMs) !== 'active' || !labelsMatch(silence.matchers, labels)) continue;
      if (!found || (silence.endsAtMs ?? Infinity) > (found.endsAtMs ?? Infinity)) found = silence;
    }
    return found;
  }

  /** Makes or changes a silence; see {@link editSilence}. Rejects with VALIDATION_ERROR, or NOT_FOUND for an id that is none. */
  set(request: SilenceRequest, by: Actor): Promise<Silence> {
    return this.parts.turns.take(async () => {
      const known = request.id === undefined ? undefined : this.#require(request.id);
      if (request.untilResolved !== undefined && !this.parts.isFiring(request.untilResolved))
        throw new LabkeeperError('VALIDATION_ERROR', `the alert '${request.untilResolved}' does not fire`, {
          field: 'untilResolved',
        });
      const edit = editSilence(request, known, { nowMs: this.#nowMs, nextId: randomUUID });
      const { silence, replaced } = edit;
      const kind = silence.id === known?.id ? 'silence.changed' : 'silence.created';
      await this.#save(replaced ? [replaced, silence] : [silence], {
        ...byActor(by),
        kind,
        reason: `${described(silence)}, by ${silence.createdBy}: ${silence.comment}`,
      });
      return silence;
    });
  }

  /** Ends a silence now; one that has ended stays as it is. Rejects with NOT_FOUND. */
  expire(id: string, by: Actor): Promise<void> {
    return this.parts.turns.take(async () => {
      const silence = this.#require(id);
      if (silenceState(silence, this.#nowMs) === 'expired') return;
      const reason = `${described(silence)}: ended by ${by.name}`;
      await this.#save([endedSilence(silence, this.#nowMs)], {
        ...byActor(by),
        kind: 'silence.expired',
        reason,
      });
    });
  }

  /** Those that were to last until this alert is over, as ended now. */
  endingWith(alertId: string): readonly Silence[] {
    const nowMs = this.#nowMs;
    return [...this.#silences.values()]
      .filter((silence) => silence.untilResolved === alertId && silenceState(silence, nowMs) !== 'expired')
      .map((silence) => endedSilence(silence, nowMs));
  }

  async write(transaction: RecordTransaction, silences: readonly Silence[]): Promise<void> {
    const collection = transaction.collection<Silence>(SILENCES);
    for (const silence of silences) await collection.put(silence.id, silence);
  }

  /** The transaction is on disk. */
  accept(silences: readonly Silence[]): void {
    for (const silence of silences) this.#silences.set(silence.id, silence);
  }

  /** Removes what is no longer shown; returns how many. */
  async prune(): Promise<number> {
    const beforeMs = this.#nowMs - KEPT_MS;
    for (const [id, { endsAtMs }] of this.#silences)
      if (endsAtMs !== undefined && endsAtMs <= beforeMs) this.#silences.delete(id);
    return this.parts.records.collection<Silence>(SILENCES).deleteWhere({ index: 'endsAtMs', to: beforeMs });
  }

  async #save(silences: readonly Silence[], row: JournalEntry): Promise<void> {
    const { records, journal } = this.parts;
    await records.transaction(async (transaction) => {
      await this.write(transaction, silences);
      await journal.write(transaction, row);
    });
    this.accept(silences);
    this.parts.onChange();
  }

  #require(id: string): Silence {
    const silence = this.#silences.get(id);
    if (!silence) throw new LabkeeperError('NOT_FOUND', `there is no silence '${id}'`, { field: 'id' });
    return silence;
  }

  get #nowMs(): number {
    return Math.round(this.parts.clock.now());
  }
}

/** What is silent, as people write it. */
function described({ matchers, endsAtMs }: Silence): string {
  const what = matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
  const until =
    endsAtMs === undefined
      ? 'until its alert is over'
      : `until ${new Date(endsAtMs).toISOString().slice(0, 19)}Z`;
  return `silence of {${what.join(', ')}} ${until}`;
}
