import {
  describeError,
  type EntityId,
  isEntityId,
  LabkeeperError,
  type Observations,
  type TaskHandle,
  type TaskRun,
} from '@labkeeper/core';
import type { SampleSource } from '../ingest/ingest.js';
import { LogThrottle } from '../ingest/log-throttle.js';
import type { CollectorInstance } from '../plan/plan.js';
import type { RunTally } from '../stats/run-recorder.js';
import { runContext } from './instance-context.js';
import { ownLabels } from './own-labels.js';
import { PluginInstance } from './plugin-instance.js';
import { renameEntity } from './rename-entity.js';
import type { Runner, RunnerParts } from './runner.js';

/** Runs one collector on its trigger and hands on what it saw. */
export class CollectorRunner implements Runner {
  readonly instance: PluginInstance;
  readonly #tally: RunTally;
  readonly #throttle: LogThrottle;
  #task: TaskHandle | undefined;
  #source: { readonly entity: EntityId | undefined; readonly into: SampleSource } | undefined;
  /** The run that is going on; what a run brings after its deadline or its stop is not taken. */
  #current: TaskRun | undefined;

  /** Those who wait for what the next run sees. */
  readonly #observers = new Set<(observations: Observations) => void>();

  constructor(
    private readonly definition: CollectorInstance,
    private readonly parts: RunnerParts,
  ) {
    this.instance = new PluginInstance(definition, definition.collector, parts.context);
    this.#tally = parts.recorder.ofCollector(definition.collector.name);
    this.#throttle = new LogThrottle(parts.clock);
  }

  start(): void {
    this.instance.begin(() => this.#schedule());
  }

  async stop(graceMs: number): Promise<void> {
    this.#current = undefined;
    await this.#task?.stop(graceMs);
    await this.instance.stop();
  }

  async observeNow(): Promise<Observations> {
    let seen: Observations | undefined;
    const note = (observations: Observations): void => {
      seen = observations;
    };
    this.#observers.add(note);
    try {
      await this.#task?.runNow();
    } finally {
      this.#observers.delete(note);
    }
    if (!seen) throw new LabkeeperError('TASK_FAILED', `${this.definition.id} saw nothing`);
    return seen;
  }

  #schedule(): void {
    const { id, plugin, trigger, timeoutMs } = this.definition;
    const onError = (error: unknown) => this.#fail(error);
    this.#task = this.parts.scheduler.schedule({
      id,
      plugin,
      trigger,
      timeoutMs,
      run: (run) => this.#run(run),
      onError,
    });
  }

  async #run(run: TaskRun): Promise<void> {
    const { started, reason } = this.instance;
    this.parts.recorder.lateness.add(run.latenessMs);
    if (!started) throw new LabkeeperError('TASK_FAILED', `it could not be started: ${reason}`);
    this.#current = run;
    const startMs = Math.round(this.parts.clock.now());
    const facts = {
      state: started.state,
      timeoutMs: this.definition.timeoutMs,
      client: this.parts.context.http,
      run,
    };
    const context = runContext(started.context, facts);
    const observations = await this.definition.collector.collect(context);
    if (this.#current === run) await this.#take(observations, startMs);
  }

  async #take(observations: Observations, startMs: number): Promise<void> {
    this.#tally.collected += 1;
    for (const note of this.#observers) note(observations);
    this.#sourceFor(this.#entityOf(observations)).add(observations.samples, startMs);
    const seen = (observations.entities ?? []).filter(({ id }) => isEntityId(String(id)));
    if (seen.length === 0) return;
    const { entity } = this.definition;
    const own = observations.entity ?? this.#ownTarget();
    // The file may give the watched thing another name than the collector knows it by.
    await this.parts.observe(entity && own ? renameEntity(seen, own, entity) : seen);
  }

  #entityOf({ entity }: Observations): EntityId | undefined {
    return (
      this.definition.entity ??
      (entity !== undefined && isEntityId(String(entity)) ? entity : this.#ownTarget())
    );
  }

  #ownTarget(): EntityId | undefined {
    return this.definition.collector.target?.(this.definition.options as never).entity;
  }

  #sourceFor(entity: EntityId | undefined): SampleSource {
    if (this.#source && this.#source.entity === entity) return this.#source.into;
    const { collector, plugin, labels } = this.definition;
    const about = entity === undefined ? {} : { entity };
    // Whoever passes on metrics of others says itself which job and instance they are of, and sometimes means none.
    const own =
      collector.otherMetrics === 'any'
        ? labels
        : ownLabels({ job: collector.job ?? collector.name, labels, ...about });
    const into = this.parts.ingest.source({ plugin, labels: own, ...about });
    this.#source = { entity, into };
    return into;
  }

  #fail(error: unknown): void {
    this.#current = undefined;
    this.#tally.failed += 1;
    if (error instanceof LabkeeperError && error.code === 'TASK_TIMEOUT') this.#tally.timedOut += 1;
    const { id, plugin } = this.definition;
    const reason = this.parts.context.redactor.redact(describeError(error));
    if (this.#throttle.pass(reason) !== undefined)
      this.parts.log.warn('a collection failed', { instance: id, plugin, reason });
    this.parts.events.emit('task.failed', { id, plugin, reason });
  }
}
