import { describeError, type EntityObservation } from '@labkeeper/core';
import type { ContainerInstance } from 'typedi';
import { createAlerts } from './alerts/create-alerts.js';
import { evidenceLookup } from './alerts/evidence-lookup.js';
import { Audit } from './audit/audit.js';
import {
  CLOCK,
  type EngineParts,
  EVENTS,
  EVIDENCE,
  HTTP,
  LOG,
  REDACTOR,
  SCHEDULER,
  STORAGE,
} from './container/tokens.js';
import type { Engine } from './engine.js';
import { EntityBook } from './entities/entity-book.js';
import { LastSeen } from './entities/last-seen.js';
import { SampleIngest } from './ingest/sample-ingest.js';
import { CheckRunner } from './instances/check-runner.js';
import { CollectorRunner } from './instances/collector-runner.js';
import { InstanceSet } from './instances/instance-set.js';
import type { RunnerParts } from './instances/runner.js';
import { Journal } from './journal/journal.js';
import { ChannelSender } from './outbox/channel-sender.js';
import { Outbox } from './outbox/outbox.js';
import { type CheckInstance, EMPTY_PLAN, type Plan } from './plan/plan.js';
import { QueryService } from './query/query-service.js';
import { RuleEngine } from './rules/rule-engine.js';
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
  const query = new QueryService({ samples, clock });
  const rules = new RuleEngine({
    ...{ clock, log, storage, query, scheduler: given.scheduler },
    externalUrl: () => plan.externalUrl ?? '',
  });
  const ingest = new SampleIngest({ store: samples, clock, log, events, redactor, tap: rules.recent });
  const heartbeat = new Heartbeat(clock, () => engine.beat());
  const board = new CheckBoard({
    ...{ records, clock, events },
    awakeMs: () => heartbeat.awakeMs,
    onSeen: (entity, seenMs) => entities.touch(entity, seenMs),
  });
  const entities = new EntityBook({ records, clock, events, redactor, checks: board });
  const alerts = createAlerts({
    ...{ ...given, journal, outbox, board, entities, nextId },
    evidence: given.evidence ?? evidenceLookup({ clock, query, collect: (name) => instances.collect(name) }),
    plan: () => plan,
  });
  board.connect(alerts.reconciler);
  const recorder = new RunRecorder(clock);
  rules.connect({ ingest, signals: alerts.rules });
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
      ruleEngine: rules,
      lastSeen: new LastSeen({ clock, entities, ingest }),
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
      alerts.usePlan(next);
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
    ...(container.has(EVIDENCE) ? { evidence: container.get(EVIDENCE) } : {}),
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
