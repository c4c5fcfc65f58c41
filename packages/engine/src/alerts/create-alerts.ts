import { type Alert, type EntityId, type Labels, type RecordStore, splitEntityId } from '@labkeeper/core';
import type { EngineParts } from '../container/tokens.js';
import type { EntityBook } from '../entities/entity-book.js';
import { entityOfLabels } from '../entities/entity-of-labels.js';
import type { Journal } from '../journal/journal.js';
import type { Outbox } from '../outbox/outbox.js';
import type { Plan } from '../plan/plan.js';
import type { CheckBoard } from '../verdicts/check-board.js';
import { isOfCheck } from '../verdicts/watched-check.js';
import { AlertDesk } from './alert-desk.js';
import { AlertPlanner } from './alert-planner.js';
import { AlertRounds } from './alert-rounds.js';
import type { SourcedSignal } from './alert-signal.js';
import { AlertStore } from './alert-store.js';
import { AlertWriter } from './alert-writer.js';
import { checkSignal } from './check-signal.js';
import { EvidenceDesk, type EvidenceSource } from './evidence-desk.js';
import { Reconciler } from './reconciler.js';
import { Reminders } from './reminders.js';
import { OutsideReconciler, type Said } from './signals/outside-reconciler.js';
import { PushedSignalBook } from './signals/pushed-signals.js';
import { RuleSignalBook } from './signals/rule-signals.js';
import { Inhibitions } from './suppression/inhibitions.js';
import { MaintenanceBook } from './suppression/maintenance-book.js';
import { SilenceBook } from './suppression/silence-book.js';
import { ChannelRate } from './telling/channel-rate.js';
import type { TellingFacts } from './telling/decision.js';
import { GroupBook } from './telling/group-book.js';
import { GroupTeller } from './telling/group-teller.js';
import { Telling } from './telling/telling.js';
import { Turns } from './turns.js';

interface AlertsInput extends EngineParts {
  readonly evidence: EvidenceSource;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly board: CheckBoard;
  readonly entities: EntityBook;
  readonly nextId: () => string;
  /** The plan that counts now. */
  readonly plan: () => Plan;
}

/** Everything about alerts, put together. The only place that names what it consists of. */
export function createAlerts(input: AlertsInput) {
  const base = createBase(input);
  const tellers = createTellers(input, base);
  const sources = createSources(input, { ...base, ...tellers });
  const { store, silences, maintenance, inhibitions, groups } = base;
  const { rules, pushed, rounds } = sources;
  return {
    ...{
      alertStore: store,
      alertWriter: tellers.writer,
      silences,
      rules,
      pushed,
      rounds,
      outside: sources.outside,
    },
    reconciler: sources.reconciler,
    desk: createDesk(input, { ...base, ...tellers, ...sources }),
    /** Reads what was known at the last stop. */
    load: async () => {
      await store.load(input.clock.now());
      for (const book of [groups, silences, maintenance, pushed]) await book.load();
    },
    usePlan: (plan: Plan) => {
      maintenance.usePlan(plan.maintenance ?? []);
      inhibitions.usePlan(plan.inhibitions ?? []);
    },
  };
}

/** What is known: alerts, groups, and what holds alerts back. */
function createBase({ storage, clock, journal, entities }: AlertsInput) {
  const { records } = storage;
  const store = new AlertStore(records);
  const turns = new Turns();
  const changes = new Changes();
  return {
    ...{ records, store, turns, changes },
    groups: new GroupBook(records),
    rate: new ChannelRate(clock),
    inhibitions: new Inhibitions(store),
    silences: new SilenceBook({
      ...{ records, clock, journal, turns },
      isFiring: (id) => store.isFiring(id),
      onChange: () => changes.tellOfRules(),
    }),
    maintenance: new MaintenanceBook({
      ...{ records, clock, journal },
      ancestorsOf: (id) => entities.graph.ancestorsOf(id),
      onChange: () => changes.tellOfRules(),
    }),
  };
}

type Base = ReturnType<typeof createBase> & { readonly records: RecordStore };

/** What plans and carries out. */
function createTellers(input: AlertsInput, base: Base) {
  const { clock, outbox, entities, nextId, plan, journal, events } = input;
  const { records, store, groups, rate, silences, changes } = base;
  const wording = ({ id, entity }: Alert) => ({
    id: nextId(),
    nowMs: Math.round(clock.now()),
    entityName: entity === undefined ? undefined : nameOf(entities, entity),
    url: plan().alertUrl?.(id),
  });
  const telling = new Telling({ clock, outbox, groups, rate, wording });
  const factsFor = factsOf(input, base);
  const silencesEndingWith = (id: string) => silences.endingWith(id);
  const planner = new AlertPlanner({ clock, outbox, telling, nextId, wording, factsFor, silencesEndingWith });
  const onWritten = () => changes.tellOfAlerts();
  return {
    telling,
    planner,
    teller: new GroupTeller({ clock, outbox, store, groups, rate, telling, wording }),
    writer: new AlertWriter({ records, journal, outbox, store, groups, silences, rate, events, onWritten }),
  };
}

type Tellers = ReturnType<typeof createTellers>;

/** What the present says to alerts of a source. */
function factsOf({ clock, entities }: AlertsInput, { maintenance, silences, inhibitions }: Base) {
  const shared = {
    maintenanceOf: (alert: Alert) => maintenance.of(alert),
    silenceOf: (alert: Alert) => silences.of(alert),
    inhibitorOf: (alert: Alert) => inhibitions.of(alert),
    downAncestorOf: (id: EntityId) => entities.downAncestorOf(id),
  };
  return (source: string): TellingFacts => ({
    ...shared,
    nowMs: Math.round(clock.now()),
    isSteadied: isOfCheck(source),
  });
}

/** What raises alerts: checks, rules, and what is pushed in. */
function createSources(input: AlertsInput, parts: Base & Tellers) {
  const { clock, log, board, entities, journal, redactor, outbox, plan } = input;
  const { records, store, planner, writer, turns, inhibitions, groups, teller, telling, changes } = parts;
  const ancestorsOf = (id: EntityId) => entities.graph.ancestorsOf(id);
  const isFirst: ConstructorParameters<typeof OutsideReconciler>[0]['isFirst'] = (labels) =>
    inhibitions.mayInhibit(labels);
  const openSources = (prefix: string) => store.openSources(prefix);
  const offer = (sources: Iterable<string>) => outside.offer(sources);
  const entityOf = (labels: Labels) => entityOfLabels(labels, (id) => entities.get(id) !== undefined);
  const rules = new RuleSignalBook({ redactor, openSources, offer, entityOf });
  const pushed = new PushedSignalBook({ records, clock, redactor, openSources, offer, entityOf });
  const outside: OutsideReconciler = new OutsideReconciler({
    ...{ clock, log, store, planner, writer, turns, rules, pushed, isFirst, ancestorsOf },
  });
  const onRecovery = (entity: EntityId) => outside.recheckDependents(entity);
  const reconciler = new Reconciler({
    ...{ clock, log, board, entities, store, planner, writer, journal, turns, isFirst, onRecovery },
  });
  const saidBy = (source: string): Said | undefined => {
    if (!isOfCheck(source)) return outside.saidBy(source);
    const check = board.bySource(source);
    return check && reconciler.saidBy(check);
  };
  const reminders = new Reminders({
    planner,
    channels: () => outbox.definitions(),
    escalations: () => plan().escalations ?? [],
    isWanted: (channel, { alert }) => telling.refusalOf(channel, alert) === undefined,
  });
  const rounds = new AlertRounds({
    ...{ clock, log, store, planner, reminders, writer, groups, teller, turns, saidBy },
  });
  changes.connect(rounds);
  return { rules, pushed, outside, reconciler, rounds };
}

type Sources = ReturnType<typeof createSources>;

function createDesk(input: AlertsInput, parts: Base & Tellers & Sources): AlertDesk {
  const { clock, board, journal, outbox, log, redactor, evidence, events } = input;
  const { store, planner, writer, turns, silences, maintenance, pushed, teller, outside } = parts;
  const checkSays = (source: string) => {
    const check = board.bySource(source);
    return check && !check.isPaused ? checkSignal(check) : undefined;
  };
  const signals = function* (): Generator<SourcedSignal> {
    for (const check of board.all()) {
      const signal = check.isPaused ? undefined : checkSignal(check);
      if (signal) yield { ...signal, source: check.source };
    }
    yield* outside.signals();
  };
  const evidenceDesk = new EvidenceDesk({ clock, log, redactor, store, writer, turns, source: evidence });
  events.on('alert.changed', ({ alert, from }) => {
    if (from === 'none') void evidenceDesk.look(alert);
  });
  return new AlertDesk({
    ...{ clock, store, planner, writer, turns, journal, silences, maintenance, pushed, teller, outbox },
    signalOf: (source) => (isOfCheck(source) ? checkSays(source) : outside.signal(source)),
    signals,
  });
}

function nameOf(entities: EntityBook, entity: EntityId): string {
  return entities.get(entity)?.displayName ?? splitEntityId(entity).name;
}

/** Tells the rounds of changes; they are made after those who change things. */
class Changes {
  #rounds: AlertRounds | undefined;

  connect(rounds: AlertRounds): void {
    this.#rounds = rounds;
  }

  /** What holds alerts back has changed. */
  tellOfRules(): void {
    void this.#rounds?.run();
  }

  /** Alerts were written. */
  tellOfAlerts(): void {
    this.#rounds?.arm();
  }
}
