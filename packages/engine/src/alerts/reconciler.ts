import type { Actor, Clock, EntityId, Labels, Logger, VerdictStatus } from '@labkeeper/core';
import type { EntityBook } from '../entities/entity-book.js';
import type { Journal } from '../journal/journal.js';
import type { CheckBoard, CheckConsequences } from '../verdicts/check-board.js';
import { isOfCheck, type StoredFacts, type WatchedCheck } from '../verdicts/watched-check.js';
import type { AlertChangePlan } from './alert-change.js';
import type { AlertPlanner, SourceFacts } from './alert-planner.js';
import type { AlertSignal } from './alert-signal.js';
import type { AlertStore } from './alert-store.js';
import type { Ending } from './alert-wording.js';
import type { AlertWriter } from './alert-writer.js';
import { askParents } from './ask-parents.js';
import { checkAlertLabels, checkSignal } from './check-signal.js';
import type { KeptAlert } from './kept-alert.js';
import type { Turns } from './turns.js';
import { WriteLoop } from './write-loop.js';

interface ReconcilerParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly board: CheckBoard;
  readonly entities: EntityBook;
  readonly store: AlertStore;
  readonly planner: AlertPlanner;
  readonly writer: AlertWriter;
  readonly journal: Journal;
  readonly turns: Turns;
  /** Whether alerts with these labels may keep others quiet. */
  readonly isFirst: (labels: () => Labels) => boolean;
  /** An entity is no longer down: what is not checked and was held back because of it is looked at too. */
  readonly onRecovery: (entity: EntityId) => void;
}

/** What one check needs written. */
interface CheckWork {
  readonly check: WatchedCheck;
  readonly alerts: readonly AlertChangePlan[];
  readonly record?: {
    readonly facts: StoredFacts;
    readonly from: VerdictStatus;
    readonly content: ReturnType<WatchedCheck['toRecord']>;
  };
}

/**
 * Makes alerts follow checks. It does not hand on events one by one: it looks at what a check is now and at what its alert is,
 * and writes the difference. So a store that was away, a crash or a hundred changes meanwhile all come right by the next look.
 */
export class Reconciler implements CheckConsequences {
  readonly #stopped = new AbortController();
  readonly #loop: WriteLoop<WatchedCheck>;

  constructor(private readonly parts: ReconcilerParts) {
    const { clock, log, isFirst } = parts;
    this.#loop = new WriteLoop({
      ...{ clock, log, name: 'checks' },
      write: (batch) => this.#write(batch),
      isFirst: (check) => isFirst(() => checkAlertLabels(check.definition)),
    });
  }

  consider(check: WatchedCheck): void {
    const kept = this.parts.store.bySource(check.source);
    if (check.state.status === 'up') {
      check.parents = 'due';
      // Nearly every run of nearly every check ends here.
      if (!kept && !check.needsStoring) return;
    }
    if (this.#isInquiryDue(check)) this.#inquire(check);
    this.#loop.add(check);
  }

  taken(check: WatchedCheck): void {
    if (check.needsStoring && check.hasBeenStored) this.#loop.add(check);
  }

  async settled(): Promise<void> {
    await this.#loop.settled();
  }

  /** Tries again what could not be written. Called with every beat. */
  beat(): void {
    this.#loop.beat();
  }

  /** Asks nobody any more and writes what is left. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop.stop();
  }

  suppressedBy(check: WatchedCheck): EntityId | undefined {
    const suppression = this.parts.store.bySource(check.source)?.alert.suppression;
    return suppression?.kind === 'dependency' ? (suppression.by as EntityId) : undefined;
  }

  async decide(
    check: WatchedCheck,
    { kind, by }: { readonly kind: 'paused' | 'resumed'; readonly by: Actor },
  ): Promise<void> {
    const { board, clock, turns, writer, journal } = this.parts;
    const before = { pause: check.pause, state: check.state };
    await turns.take(async () => {
      const { displayName, entity, name, paused: filePaused } = check.definition;
      const ending: Ending = {
        title: `${displayName} is no longer checked`,
        reason: `paused by ${by.name}`,
        by,
      };
      check.pause = { paused: kind === 'paused', filePaused, by, atMs: clock.now() };
      check.forgetState(board.moment());
      const [facts, record] = [check.storedFacts(), check.toRecord()];
      try {
        await writer.commit(this.#endings([check.source], ending), async (transaction) => {
          await board.writeRecord(transaction, check.id, record);
          await journal.write(transaction, {
            kind: `check.${kind}`,
            reason: `${kind} by ${by.name}`,
            check: name,
            entity,
            actor: by,
          });
        });
        check.markStored(facts);
      } catch (error) {
        Object.assign(check, before);
        throw error;
      }
    });
    this.recheckDependents(check.definition.entity);
  }

  /** Ends the alerts of checks that no longer exist or are paused, and forgets the former. Called with each plan. */
  async followPlan(removed: readonly WatchedCheck[]): Promise<void> {
    const { board, store, turns, writer } = this.parts;
    await turns.take(async () => {
      const ids = [...board.strayRecords(), ...removed.map(({ id }) => id)];
      const plans = store.firing().flatMap((kept) => this.#endingByPlan(kept));
      if (ids.length > 0 || plans.length > 0)
        await writer.commit(plans, (transaction) => board.deleteRecords(transaction, ids));
    });
    for (const { definition } of removed) this.recheckDependents(definition.entity);
  }

  /** Something is no longer down: whatever was held back because of it gets a fresh result, and is told if that is bad too. */
  recheckDependents(entity: EntityId): void {
    this.parts.onRecovery(entity);
    for (const { alert, source } of this.parts.store.firing()) {
      if (alert.suppression?.kind !== 'dependency' || alert.entity === undefined) continue;
      const check = this.parts.board.bySource(source);
      if (!check || !this.parts.entities.graph.ancestorsOf(alert.entity).includes(entity)) continue;
      check.freshFromMs = this.parts.clock.monotonicMs();
      void this.#runFresh(check);
    }
  }

  /** A run that was going on already began too early; then there is another one. */
  async #runFresh(check: WatchedCheck): Promise<void> {
    await this.#run(check);
    if (!check.isFreshEnough && !this.#stopped.signal.aborted) await this.#run(check);
  }

  async #run(check: WatchedCheck): Promise<void> {
    // A task that was stopped meanwhile rejects; then there is nothing to know.
    await check.task?.runNow().catch(() => undefined);
  }

  #isInquiryDue(check: WatchedCheck): boolean {
    return check.parents === 'due' && !this.#isOutOfQuestion(check, checkSignal(check));
  }

  /** Only the news that something is down waits for its parents: everything else is not explained by them, or not told. */
  #isOutOfQuestion(check: WatchedCheck, signal: AlertSignal | undefined): boolean {
    if (signal?.phase !== 'firing' || signal.isBlind || check.state.status !== 'down') return true;
    const kept = this.parts.store.bySource(check.source);
    return kept?.alert.state === 'firing' && kept.rank >= signal.rank;
  }

  #inquire(check: WatchedCheck): void {
    const { board, entities, clock } = this.parts;
    const ancestors = entities.graph.ancestorsOf(check.definition.entity);
    const parents = board
      .activeOf(ancestors)
      .filter((parent) => parent !== check && parent.state.status !== 'down');
    if (parents.length === 0) {
      check.parents = 'answered';
      return;
    }
    check.parents = 'going on';
    const run = (parent: WatchedCheck) => this.#run(parent);
    void askParents(parents, { clock, run, signal: this.#stopped.signal }).then(() => {
      check.parents = 'answered';
      // After a stop the next start decides anew.
      if (!this.#stopped.signal.aborted) this.#loop.add(check);
    });
  }

  #write(batch: readonly WatchedCheck[]): Promise<void> {
    const { board, turns, writer } = this.parts;
    return turns.take(async () => {
      const work = batch
        .filter((check) => board.watched(check.id) === check)
        .map((check) => this.#workOf(check));
      const records = work.filter(({ record }) => record);
      const alerts = work.flatMap((item) => item.alerts);
      if (records.length === 0 && alerts.length === 0) return;
      await writer.commit(alerts, async (transaction) => {
        for (const { check, record } of records)
          if (record) await board.writeRecord(transaction, check.id, record.content);
      });
      // What was decided is decided; if it gets worse, the parents are asked again.
      for (const { check, alerts } of work) if (alerts.length > 0) check.parents = 'due';
      for (const item of records) this.#published(item);
    });
  }

  #published({ check, record }: CheckWork): void {
    if (!record) return;
    check.markStored(record.facts);
    const { from, facts } = record;
    if (from === facts.status) return;
    this.parts.board.tellVerdict(check, from, facts.status);
    if (from === 'down') this.recheckDependents(check.definition.entity);
  }

  #workOf(check: WatchedCheck): CheckWork {
    const record = check.needsStoring
      ? { record: { facts: check.storedFacts(), from: check.storedStatus, content: check.toRecord() } }
      : {};
    return { check, alerts: this.#alertsOf(check), ...record };
  }

  #alertsOf(check: WatchedCheck): readonly AlertChangePlan[] {
    const said = this.saidBy(check);
    if (!said) return [];
    return this.parts.planner.forSignal(this.parts.store.bySource(check.source), said.signal, said.facts);
  }

  /** What a check says now; undefined: nothing that could be relied on. */
  saidBy(
    check: WatchedCheck,
  ): { readonly signal: AlertSignal | undefined; readonly facts: SourceFacts } | undefined {
    if (check.isPaused || !check.hasSpoken) return undefined;
    const signal = checkSignal(check);
    // Not bad enough to fire and not well either: what is open stays open.
    if (!signal && check.state.status !== 'up') return undefined;
    const facts: SourceFacts = {
      source: check.source,
      ending: () => ({ title: `${check.definition.displayName} is up again`, reason: check.message }),
      mayTell: check.parents === 'answered' || this.#isOutOfQuestion(check, signal),
      isFresh: check.isFreshEnough,
    };
    return { signal, facts };
  }

  #endingByPlan(kept: KeptAlert): readonly AlertChangePlan[] {
    const check = this.parts.board.bySource(kept.source);
    if (!isOfCheck(kept.source) || (check && !check.isPaused)) return [];
    const reason = check ? 'it is paused' : 'it was removed from the configuration';
    const name = check?.definition.displayName ?? kept.alert.labels.check ?? kept.alert.title;
    return [this.parts.planner.end(kept, { title: `${name} is no longer checked`, reason })];
  }

  #endings(sources: readonly string[], ending: Ending): readonly AlertChangePlan[] {
    const kept = sources.flatMap((source) => this.parts.store.bySource(source) ?? []);
    return kept
      .filter(({ alert }) => alert.state === 'firing')
      .map((open) => this.parts.planner.end(open, ending));
  }
}
