import {
  type AlertsClient,
  type Clock,
  describeError,
  type EntityObservation,
  LabkeeperError,
  type Logger,
  type Scheduler,
  type Storage,
} from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { AlertDesk } from './alerts/alert-desk.js';
import type { AlertRounds } from './alerts/alert-rounds.js';
import type { AlertStore } from './alerts/alert-store.js';
import type { AlertWriter } from './alerts/alert-writer.js';
import { alertsClient } from './alerts/alerts-client.js';
import type { Reconciler } from './alerts/reconciler.js';
import type { OutsideReconciler } from './alerts/signals/outside-reconciler.js';
import type { PushedSignalBook } from './alerts/signals/pushed-signals.js';
import type { RuleSignalBook } from './alerts/signals/rule-signals.js';
import type { SilenceBook } from './alerts/suppression/silence-book.js';
import { Turns } from './alerts/turns.js';
import type { Audit } from './audit/audit.js';
import type { Engine } from './engine.js';
import type { EngineEvents } from './engine-events.js';
import type { EntityBook } from './entities/entity-book.js';
import type { LastSeen } from './entities/last-seen.js';
import type { SampleIngest } from './ingest/sample-ingest.js';
import type { InstanceSet } from './instances/instance-set.js';
import { settleWithin } from './instances/settle-within.js';
import type { Journal } from './journal/journal.js';
import type { Outbox } from './outbox/outbox.js';
import type { Plan, PlanChange } from './plan/plan.js';
import { planFaults } from './plan/plan-faults.js';
import type { Queries } from './query/queries.js';
import type { RuleEngine } from './rules/rule-engine.js';
import type { Rules } from './rules/rules.js';
import { engineMetrics } from './stats/engine-metrics.js';
import type { EngineStats } from './stats/engine-stats.js';
import type { MetricFamily } from './stats/metric-family.js';
import { retentionTask } from './stats/retention.js';
import type { RunRecorder } from './stats/run-recorder.js';
import type { CheckBoard } from './verdicts/check-board.js';
import type { Heartbeat } from './verdicts/heartbeat.js';
import type { WatchedCheck } from './verdicts/watched-check.js';

const DEFAULT_GRACE_MS = 2_000;
/** Between the grace for running work and the last write: what a plugin's `stop` may take, and some more. */
const STOP_MARGIN_MS = 2_500;
/** Longest wait for each of the last writes. A store that is away must not keep the process from ending. */
const LAST_WRITE_LIMIT_MS = 1_000;
/** Beats, of a quarter of a second, between two looks for silence and for acknowledgements that have ended. */
const LOOK_EVERY_BEATS = 20;
/** Beats between two samples of when servers were last seen: 15 seconds, the interval of the rules that read them. */
const LAST_SEEN_EVERY_BEATS = 60;
/** Beats between two notes of when entities were last seen: five minutes. Lost at a crash, and then seen anew at once. */
const SIGHTINGS_EVERY_BEATS = 1_200;

const NO_RULES = { groups: [], packs: [] };

/** Everything an engine is made of, put together by {@link createEngine}. */
export interface RunningParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly storage: Storage;
  readonly scheduler: Scheduler;
  readonly events: EventBus<EngineEvents>;
  readonly query: Queries;
  readonly ruleEngine: RuleEngine;
  readonly lastSeen: LastSeen;
  readonly ingest: SampleIngest;
  readonly entities: EntityBook;
  readonly board: CheckBoard;
  readonly alertStore: AlertStore;
  readonly alertWriter: AlertWriter;
  readonly desk: AlertDesk;
  readonly reconciler: Reconciler;
  readonly outside: OutsideReconciler;
  readonly rounds: AlertRounds;
  readonly rules: RuleSignalBook;
  readonly pushed: PushedSignalBook;
  readonly silences: SilenceBook;
  /** Reads all that is known of alerts. */
  readonly load: () => Promise<void>;
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly audit: Audit;
  readonly instances: InstanceSet;
  readonly recorder: RunRecorder;
  readonly heartbeat: Heartbeat;
  /** The plan that counts from now on, for whoever words messages. */
  readonly usePlan: (plan: Plan) => void;
}

/** The life of an engine: start, plans, stop. What happens in between happens in the parts. */
export class RunningEngine implements Engine {
  readonly events: EventBus<EngineEvents>;
  readonly entities: EntityBook;
  readonly checks: CheckBoard;
  readonly alerts: AlertDesk;
  readonly alertsClient: AlertsClient;
  readonly ruleSignals: RuleSignalBook;
  readonly rules: Rules;
  readonly channels: Outbox;
  readonly ingest: SampleIngest;
  readonly audit: Audit;
  readonly journal: Journal;
  readonly query: Queries;
  readonly #turns = new Turns();
  #beats = 0;
  #hasCaughtUp = false;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(private readonly parts: RunningParts) {
    this.events = parts.events;
    this.entities = parts.entities;
    this.checks = parts.board;
    this.alerts = parts.desk;
    this.alertsClient = alertsClient(parts.desk);
    this.ruleSignals = parts.rules;
    this.rules = parts.ruleEngine.book;
    this.channels = parts.outbox;
    this.ingest = parts.ingest;
    this.audit = parts.audit;
    this.journal = parts.journal;
    this.query = parts.query;
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  apply(plan: Plan): Promise<PlanChange> {
    return this.#turns.take(() => this.#apply(plan));
  }

  stop(graceMs = DEFAULT_GRACE_MS): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  stats(): EngineStats {
    const { board, desk, ingest, outbox, entities, instances, recorder } = this.parts;
    const checks = board.counts();
    const total = checks.up + checks.degraded + checks.down + checks.unknown + checks.paused;
    const failing = instances.instances().filter(({ phase }) => phase === 'failing');
    return {
      checks: { ...checks, total },
      alerts: desk.counts(),
      ingest: ingest.stats(),
      outbox: outbox.counts(),
      scheduler: { ...this.#taskFigures(), latenessP99Ms: recorder.lateness.p99Ms() },
      entities: entities.size,
      failingInstances: failing.length,
    };
  }

  metrics(): readonly MetricFamily[] {
    const { outbox, recorder, desk, silences, alertWriter } = this.parts;
    return engineMetrics({
      stats: this.stats(),
      recorder,
      suppressions: desk.suppressions(),
      pendingAlerts: desk.pending().length,
      silences: silences.counts(),
      decisions: alertWriter.decisions,
      channels: outbox.list(),
      deliveries: outbox.deliveries(),
    });
  }

  /** Told by the heartbeat. */
  beat(): void {
    this.#beats += 1;
    const { reconciler, outside, board, rounds, entities, log } = this.parts;
    reconciler.beat();
    outside.beat();
    if (this.#beats % LOOK_EVERY_BEATS === 0) {
      board.watchForSilence();
      this.#endPushed();
      void rounds.run();
    }
    if (this.#beats % LAST_SEEN_EVERY_BEATS === 0) this.parts.lastSeen.write();
    if (this.#beats % SIGHTINGS_EVERY_BEATS === 0) {
      this.parts.ruleEngine.sweep();
      entities
        .writeSightings()
        .catch((error: unknown) =>
          log.warn('entities could not be written', { reason: describeError(error) }),
        );
    }
  }

  async #start(): Promise<void> {
    const { entities, board, alertStore, outbox, heartbeat, scheduler, clock, journal, silences } =
      this.parts;
    await entities.load();
    await board.load();
    await this.parts.load();
    await outbox.load();
    await this.parts.ruleEngine.load();
    heartbeat.start();
    scheduler.schedule(retentionTask({ clock, alerts: alertStore, silences, journal, outbox }));
  }

  #endPushed(): void {
    const { pushed, log } = this.parts;
    pushed
      .tick()
      .catch((error: unknown) =>
        log.warn('pushed alerts could not be written', { reason: describeError(error) }),
      );
  }

  async #apply(plan: Plan): Promise<PlanChange> {
    assertPlan(plan);
    await this.start();
    const { instances, outbox, reconciler, events, usePlan } = this.parts;
    const difference = instances.difference(plan);
    await this.#declare(plan);
    await instances.stop(difference.stopped, DEFAULT_GRACE_MS);
    usePlan(plan);
    const start = this.#stopping ? () => undefined : instances.add(difference);
    await outbox.keepOnly(new Set(plan.channels.map(({ name }) => name)));
    // Channels are there before alerts end, and checks are known before they run.
    await reconciler.followPlan(this.#takeChecks(plan));
    await this.#catchUp();
    await this.parts.ruleEngine.apply(plan.rules ?? NO_RULES);
    start();
    const { started, stopped, kept } = difference;
    const change = { started, stopped, kept };
    events.emit('plan.applied', { change });
    return change;
  }

  /** What a crash, or another plan, has left undone: only now there are channels to tell. */
  async #catchUp(): Promise<void> {
    const { pushed, rounds } = this.parts;
    if (!this.#hasCaughtUp) await pushed.catchUp();
    this.#hasCaughtUp = true;
    await rounds.run();
  }

  /** Entities that the file names, and those that are watched and have not been seen yet. */
  async #declare({ entities, collectors, checks }: Plan): Promise<void> {
    const watched = [...collectors, ...checks].flatMap(({ entity }) =>
      entity && !this.entities.get(entity) ? [entity] : [],
    );
    const named = new Set(entities.map(({ id }) => id));
    const bare = [...new Set(watched)]
      .filter((id) => !named.has(id))
      .map((id): EntityObservation => ({ id }));
    await this.parts.entities.declareAll([...entities, ...bare]);
  }

  /** Returns the checks that are gone. */
  #takeChecks({ checks }: Plan): readonly WatchedCheck[] {
    const { board } = this.parts;
    const wanted = new Set(checks.map(({ name }) => name));
    const gone = [...board.all()].filter(({ id }) => !wanted.has(id)).map(({ id }) => board.remove(id));
    for (const definition of checks) {
      const known = board.watched(definition.name);
      if (!known) board.add(definition);
      else if (known.definition.digest !== definition.digest) board.redefine(definition);
    }
    return gone;
  }

  async #stop(graceMs: number): Promise<void> {
    const { clock, heartbeat, instances, reconciler, scheduler, board, entities, ingest, outbox, log } =
      this.parts;
    const { outside, rounds } = this.parts;
    heartbeat.stop();
    this.parts.ruleEngine.stop();
    const step = async (name: string, limitMs: number, work: () => Promise<unknown>) => {
      const result = await settleWithin(clock, limitMs, work);
      if (result.outcome === 'late')
        log.error('a part of the stop takes too long and is left behind', { part: name });
      if (result.outcome === 'failed')
        log.error('a part of the stop failed', { part: name, reason: describeError(result.error) });
    };
    await step('instances', graceMs + STOP_MARGIN_MS, () => instances.stopAll(graceMs));
    await step('scheduler', graceMs, () => scheduler.stop(graceMs));
    // All at once: the time that is left is the same for each of them, and what was measured matters most.
    await Promise.all([
      step('samples', LAST_WRITE_LIMIT_MS, () => ingest.stop()),
      step('alerts', LAST_WRITE_LIMIT_MS, () => Promise.all([reconciler.stop(), outside.stop()])),
      step('checks', LAST_WRITE_LIMIT_MS, () => board.writeLastResults()),
      step('entities', LAST_WRITE_LIMIT_MS, () => entities.writeSightings()),
    ]);
    await step('rounds', LAST_WRITE_LIMIT_MS, () => rounds.stop());
    outbox.stop();
  }

  #taskFigures() {
    const figures = { tasks: 0, running: 0, queued: 0, runs: 0, missed: 0 };
    for (const task of this.parts.scheduler.tasks()) {
      const { runs, missed } = task.stats();
      figures.tasks += 1;
      figures.runs += runs;
      figures.missed += missed;
      if (task.state === 'running' || task.state === 'queued') figures[task.state] += 1;
    }
    return figures;
  }
}

/** Throws for the first fault; whoever makes plans from files has told of all of them before. */
function assertPlan(plan: Plan): void {
  const [fault] = planFaults(plan);
  if (fault) throw new LabkeeperError(fault.code, `${fault.path.join('.')}: ${fault.message}`);
}
