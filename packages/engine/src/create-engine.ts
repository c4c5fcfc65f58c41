import { describeError, type EntityObservation, splitEntityId } from '@labkeeper/core';
import type { ContainerInstance } from 'typedi';
import { AlertDesk } from './alerts/alert-desk.js';
import { AlertPlanner } from './alerts/alert-planner.js';
import { AlertStore } from './alerts/alert-store.js';
import { AlertWriter } from './alerts/alert-writer.js';
import { checkSignal } from './alerts/check-signal.js';
import { Reconciler } from './alerts/reconciler.js';
import { Turns } from './alerts/turns.js';
import { Audit } from './audit/audit.js';
import {
  CLOCK,
  type EngineParts,
  EVENTS,
  HTTP,
  LOG,
  REDACTOR,
  SCHEDULER,
  STORAGE,
} from './container/tokens.js';
import type { Engine } from './engine.js';
import { EntityBook } from './entities/entity-book.js';
import { SampleIngest } from './ingest/sample-ingest.js';
import { CheckRunner } from './instances/check-runner.js';
import { CollectorRunner } from './instances/collector-runner.js';
import { InstanceSet } from './instances/instance-set.js';
import { sampleQuery } from './instances/query-client.js';
import type { RunnerParts } from './instances/runner.js';
import { Journal } from './journal/journal.js';
import { ChannelSender } from './outbox/channel-sender.js';
import { Outbox } from './outbox/outbox.js';
import { type CheckInstance, EMPTY_PLAN, type Plan } from './plan/plan.js';
import { RunningEngine } from './running-engine.js';
import { RunRecorder } from './stats/run-recorder.js';
import { timeOrderedIds } from './time-ordered-id.js';
import { CheckBoard } from './verdicts/check-board.js';
import { Heartbeat } from './verdicts/heartbeat.js';

/**
 * Builds an engine from the parts in the container; the only place that names what an engine consists of. Nothing runs
 * before `start` and `apply`. The scheduler stops with the engine.
 */
export function createEngine(container: ContainerInstance): Engine {
  const given = partsOf(container);
  const { clock, events, redactor, storage, log } = given;
  const { records, samples } = storage;
  let plan: Plan = EMPTY_PLAN;
  const nextId = timeOrderedIds(clock);
  const journal = new Journal(records, clock);
  const outbox = new Outbox({ records, clock, log, events, journal, nextId });
  const ingest = new SampleIngest({ store: samples, clock, log, events, redactor });
  const heartbeat = new Heartbeat(clock, () => engine.beat());
  const board = new CheckBoard({
    ...{ records, clock, events },
    awakeMs: () => heartbeat.awakeMs,
    onSeen: (entity, seenMs) => entities.touch(entity, seenMs),
  });
  const entities = new EntityBook({ records, clock, events, redactor, checks: board });
  const alerts = alertParts({
    ...{ ...given, journal, outbox, board, entities, nextId },
    alertUrl: (id) => plan.alertUrl?.(id),
  });
  board.connect(alerts.reconciler);
  const recorder = new RunRecorder(clock);
  const query = sampleQuery(samples);
  const runnerParts: RunnerParts = {
    ...{ ...given, ingest, recorder },
    context: { ...given, records, query },
    observe: observer(entities, given),
    standstillSince: (monotonicMs) => heartbeat.standstillSince(monotonicMs),
  };
  const instances = instanceSet(runnerParts, { board, outbox });
  const engine = new RunningEngine({
    ...{
      ...given,
      ...alerts,
      query,
      ingest,
      entities,
      board,
      outbox,
      journal,
      instances,
      recorder,
      heartbeat,
    },
    audit: new Audit(records, clock),
    usePlan: (next) => {
      plan = next;
    },
  });
  return engine;
}

function partsOf(container: ContainerInstance): EngineParts {
  return {
    clock: container.get(CLOCK),
    storage: container.get(STORAGE),
    scheduler: container.get(SCHEDULER),
    http: container.get(HTTP),
    log: container.get(LOG),
    events: container.get(EVENTS),
    redactor: container.get(REDACTOR),
  };
}

interface AlertPartsInput extends EngineParts {
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly board: CheckBoard;
  readonly entities: EntityBook;
  readonly nextId: () => string;
  readonly alertUrl: (alertId: string) => string | undefined;
}

function alertParts({
  storage,
  clock,
  log,
  events,
  journal,
  outbox,
  board,
  entities,
  nextId,
  alertUrl,
}: AlertPartsInput) {
  const { records } = storage;
  const store = new AlertStore(records);
  const writer = new AlertWriter({ records, journal, outbox, store, events });
  const turns = new Turns();
  const planner = new AlertPlanner({
    ...{ clock, outbox, nextId, alertUrl },
    downAncestorOf: (id) => entities.downAncestorOf(id),
    entityName: (id) => entities.get(id)?.displayName ?? splitEntityId(id).name,
  });
  const signalOf = (source: string) => {
    const check = board.bySource(source);
    return check && !check.isPaused ? checkSignal(check) : undefined;
  };
  const signals = function* () {
    for (const check of board.all()) {
      const signal = check.isPaused ? undefined : checkSignal(check);
      if (signal) yield { ...signal, source: check.source };
    }
  };
  return {
    alertStore: store,
    desk: new AlertDesk({ clock, log, store, planner, writer, turns, signalOf, signals }),
    reconciler: new Reconciler({ clock, log, board, entities, store, planner, writer, journal, turns }),
  };
}

/** Keeps what was seen of entities; a store that is away costs nothing but the write, which is made up for later. */
function observer(entities: EntityBook, { log }: EngineParts) {
  return (seen: readonly EntityObservation[]): Promise<void> =>
    entities.observeAll(seen).catch((error: unknown) => {
      log.warn('entities could not be written; they are tried again', { reason: describeError(error) });
    });
}

function instanceSet(
  parts: RunnerParts,
  { board, outbox }: { readonly board: CheckBoard; readonly outbox: Outbox },
): InstanceSet {
  const follower = ({ name }: CheckInstance): ConstructorParameters<typeof CheckRunner>[2] => ({
    scheduled: (task) => board.scheduled(name, task),
    result: (verdict, start) => board.record(name, verdict, start),
  });
  return new InstanceSet({
    collector: (definition) => new CollectorRunner(definition, parts),
    check: (definition) => new CheckRunner(definition, parts, follower(definition)),
    channel: (definition) => {
      const sender = new ChannelSender(definition, parts, outbox.queueOf(definition.name), outbox);
      outbox.setSender(definition.name, sender);
      return sender;
    },
  });
}
