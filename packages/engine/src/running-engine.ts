import {
  type Clock,
  describeError,
  type EntityObservation,
  type Logger,
  type QueryClient,
  type Scheduler,
  type Storage,
} from '@labkeeper/core';
import type { EventBus } from '@labkeeper/core/runtime';
import type { AlertDesk } from './alerts/alert-desk.js';
import type { AlertStore } from './alerts/alert-store.js';
import type { Reconciler } from './alerts/reconciler.js';
import { Turns } from './alerts/turns.js';
import type { Audit } from './audit/audit.js';
import type { Engine } from './engine.js';
import type { EngineEvents } from './engine-events.js';
import type { EntityBook } from './entities/entity-book.js';
import type { SampleIngest } from './ingest/sample-ingest.js';
import type { InstanceSet } from './instances/instance-set.js';
import { settleWithin } from './instances/settle-within.js';
import type { Journal } from './journal/journal.js';
import type { Outbox } from './outbox/outbox.js';
import type { Plan, PlanChange } from './plan/plan.js';
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
/** Beats between two notes of when entities were last seen: five minutes. Lost at a crash, and then seen anew at once. */
const SIGHTINGS_EVERY_BEATS = 1_200;

/** Everything an engine is made of, put together by {@link createEngine}. */
export interface RunningParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly storage: Storage;
  readonly scheduler: Scheduler;
  readonly events: EventBus<EngineEvents>;
  readonly query: QueryClient;
  readonly ingest: SampleIngest;
  readonly entities: EntityBook;
  readonly board: CheckBoard;
  readonly alertStore: AlertStore;
  readonly desk: AlertDesk;
  readonly reconciler: Reconciler;
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
  readonly channels: Outbox;
  readonly ingest: SampleIngest;
  readonly audit: Audit;
  readonly journal: Journal;
  readonly query: QueryClient;
  readonly #turns = new Turns();
  #beats = 0;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(private readonly parts: RunningParts) {
    this.events = parts.events;
    this.entities = parts.entities;
    this.checks = parts.board;
    this.alerts = parts.desk;
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
    const { outbox, recorder } = this.parts;
    return engineMetrics({
      stats: this.stats(),
      recorder,
      channels: outbox.list(),
      deliveries: outbox.deliveries(),
    });
  }

  /** Told by the heartbeat. */
  beat(): void {
    this.#beats += 1;
    const { reconciler, board, desk, entities, log } = this.parts;
    reconciler.beat();
    if (this.#beats % LOOK_EVERY_BEATS === 0) {
      board.watchForSilence();
      void desk.tick();
    }
    if (this.#beats % SIGHTINGS_EVERY_BEATS === 0) {
      entities
        .writeSightings()
        .catch((error: unknown) =>
          log.warn('entities could not be written', { reason: describeError(error) }),
        );
    }
  }

  async #start(): Promise<void> {
    const { entities, board, alertStore, outbox, heartbeat, scheduler, clock, journal } = this.parts;
    await entities.load();
    await board.load();
    await alertStore.load(clock.now());
    await outbox.load();
    heartbeat.start();
    scheduler.schedule(retentionTask({ clock, alerts: alertStore, journal, outbox }));
  }

  async #apply(plan: Plan): Promise<PlanChange> {
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
    start();
    const { started, stopped, kept } = difference;
    const change = { started, stopped, kept };
    events.emit('plan.applied', { change });
    return change;
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
    heartbeat.stop();
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
      step('alerts', LAST_WRITE_LIMIT_MS, () => reconciler.stop()),
      step('checks', LAST_WRITE_LIMIT_MS, () => board.writeLastResults()),
      step('entities', LAST_WRITE_LIMIT_MS, () => entities.writeSightings()),
    ]);
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
