import {
  describeError,
  formatDuration,
  type Series,
  type TaskHandle,
  type TaskRun,
  type Verdict,
  type VerdictStatus,
} from '@labkeeper/core';
import type { SampleSource } from '../ingest/ingest.js';
import type { CheckInstance } from '../plan/plan.js';
import type { RunTally } from '../stats/run-recorder.js';
import { distrust } from '../verdicts/distrust.js';
import { tidyVerdict } from '../verdicts/tidy-verdict.js';
import type { RunStart } from '../verdicts/watched-check.js';
import { runContext } from './instance-context.js';
import { ownLabels } from './own-labels.js';
import { PluginInstance } from './plugin-instance.js';
import type { Runner, RunnerParts } from './runner.js';

/** Who follows the runs of a check. */
export interface CheckFollower {
  /** It runs from now on. */
  scheduled(task: TaskHandle): void;
  /** A run has ended. */
  result(verdict: Verdict, start: RunStart): void;
}

/** `labkeeper_check_status` as a number. */
const STATUS_VALUE: Readonly<Record<VerdictStatus, number>> = { up: 0, degraded: 1, down: 2, unknown: 3 };

/** Runs one check on its trigger and hands on its verdict and samples. */
export class CheckRunner implements Runner {
  readonly instance: PluginInstance;
  readonly #tally: RunTally;
  readonly #source: SampleSource;
  readonly #series: Readonly<Record<'success' | 'duration' | 'status', Series>>;
  /** The run that is going on; its result comes from the plugin or from the deadline, whichever is first. */
  #current: RunStart | undefined;
  #task: TaskHandle | undefined;

  constructor(
    private readonly definition: CheckInstance,
    private readonly parts: RunnerParts,
    private readonly follower: CheckFollower,
  ) {
    const { check, entity, name, plugin, labels } = definition;
    this.instance = new PluginInstance(definition, check, parts.context);
    this.#tally = parts.recorder.ofCheck(check.name);
    const own = ownLabels({ job: check.name, entity, check: name, labels });
    this.#source = parts.ingest.source({ plugin, labels: own, entity });
    const series = (metric: string): Series => parts.ingest.series(metric, own);
    this.#series = {
      success: series('probe_success'),
      duration: series('probe_duration_seconds'),
      status: series('labkeeper_check_status'),
    };
  }

  start(): void {
    this.instance.begin(() => this.#schedule());
  }

  async stop(graceMs: number): Promise<void> {
    // A run that is cut off says nothing of its target.
    this.#current = undefined;
    await this.#task?.stop(graceMs);
    await this.instance.stop();
  }

  #schedule(): void {
    const { id, plugin, trigger, timeoutMs, host } = this.definition;
    this.#task = this.parts.scheduler.schedule({
      ...{ id, plugin, trigger, timeoutMs },
      ...(host === undefined ? {} : { targetHost: host }),
      run: (run) => this.#run(run),
      onError: () => this.#timeOut(),
    });
    this.follower.scheduled(this.#task);
  }

  /** One asynchronous function for all of a run: each further one would cost every run a promise and a turn. */
  async #run(run: TaskRun): Promise<void> {
    const { clock, recorder, context } = this.parts;
    recorder.lateness.add(run.latenessMs);
    const current = { startMs: Math.round(clock.now()), startMonotonicMs: clock.monotonicMs() };
    this.#current = current;
    const { started, reason } = this.instance;
    if (!started)
      return this.#end(current, { status: 'unknown', message: `the check could not be started: ${reason}` });
    const { check, timeoutMs } = this.definition;
    const facts = { state: started.state, timeoutMs, run, client: context.http };
    let verdict: Verdict;
    try {
      verdict = await check.check(runContext(started.context, facts) as never);
    } catch (error) {
      verdict = this.#failed(error);
    }
    if (this.#current === current) this.#end(current, verdict);
  }

  #failed(error: unknown): Verdict {
    this.#tally.failed += 1;
    const { id, plugin } = this.definition;
    const reason = this.parts.context.redactor.redact(describeError(error));
    this.parts.events.emit('task.failed', { id, plugin, reason });
    return { status: 'unknown', message: `the check itself failed: ${reason}` };
  }

  /** The deadline has passed. What the plugin still says comes too late. */
  #timeOut(): void {
    if (!this.#current) return;
    this.#tally.timedOut += 1;
    const message = `no answer within ${formatDuration(this.definition.timeoutMs)}`;
    this.#end(this.#current, { status: 'down', message, details: { code: 'TASK_TIMEOUT' } });
  }

  #end(start: RunStart, raw: Verdict): void {
    this.#current = undefined;
    const tidy = tidyVerdict(raw, this.parts.context.redactor);
    const verdict = tidy.status === 'down' ? this.#trusted(tidy, start) : tidy;
    this.#tally[verdict.status] += 1;
    this.#measure(verdict, start.startMs);
    this.follower.result(verdict, start);
  }

  #trusted(verdict: Verdict, { startMonotonicMs }: RunStart): Verdict {
    const durationMs = this.parts.clock.monotonicMs() - startMonotonicMs;
    const standstillMs = this.parts.standstillSince(startMonotonicMs);
    return distrust(verdict, { durationMs, timeoutMs: this.definition.timeoutMs, standstillMs });
  }

  #measure({ status, latencyMs, samples }: Verdict, startMs: number): void {
    const { ingest } = this.parts;
    ingest.push(this.#series.status, startMs, STATUS_VALUE[status]);
    // Nobody could tell: then there is no sample, for 0 would mean down.
    if (status !== 'unknown') ingest.push(this.#series.success, startMs, status === 'down' ? 0 : 1);
    if (latencyMs !== undefined) ingest.push(this.#series.duration, startMs, latencyMs / 1_000);
    this.#source.add(samples ?? [], startMs);
  }
}
