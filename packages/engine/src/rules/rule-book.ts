import {
  type Actor,
  describeError,
  LabkeeperError,
  type Logger,
  type Sample,
  type Scheduler,
  type TaskHandle,
} from '@labkeeper/core';
import type { SampleIngest } from '../ingest/sample-ingest.js';
import { DEFAULT_INTERVAL_MS } from './default-interval.js';
import { type EvaluatorParts, GroupEvaluator } from './group-evaluator.js';
import { groupStatus } from './group-status.js';
import type { PlannedRules } from './planned-rules.js';
import type { RecentSamples } from './recent/recent-samples.js';
import { groupsOf, type KeyedGroup, packFaults } from './rule-groups.js';
import type { RuleParameters } from './rule-parameters.js';
import type { RuleGroupStatus, RuleParameter, Rules } from './rules.js';
import type { WaitingTimes } from './waiting-times.js';

/** An evaluation that takes longer has lost its worth: the next one is due. */
const LONGEST_EVALUATION_MS = 60_000;

interface BookParts extends Pick<EvaluatorParts, 'clock' | 'query' | 'signals'> {
  readonly log: Logger;
  readonly scheduler: Scheduler;
  readonly ingest: SampleIngest;
  readonly recent: RecentSamples;
  readonly parameters: RuleParameters;
  readonly waitingTimes: WaitingTimes;
  readonly externalUrl: () => string;
}

interface RunningGroup {
  readonly keyed: KeyedGroup;
  readonly evaluator: GroupEvaluator;
  readonly task: TaskHandle;
}

const NO_RULES: PlannedRules = { groups: [], packs: [] };

/** All rules of the plan, and their tasks. */
export class RuleBook implements Rules {
  #planned: PlannedRules = NO_RULES;
  #running: readonly RunningGroup[] = [];

  constructor(private readonly parts: BookParts) {}

  groups(): readonly RuleGroupStatus[] {
    return this.#running.map(({ keyed, evaluator, task }) => groupStatus(keyed, evaluator, task));
  }

  /** Reads what a restart must know. Called once, before the first {@link apply}. */
  async load(): Promise<void> {
    await this.parts.parameters.load();
    await this.parts.waitingTimes.load();
  }

  parameters(): readonly RuleParameter[] {
    return this.parts.parameters.list(this.#planned.packs);
  }

  async setParameters(
    values: Readonly<Record<string, number | null>>,
    by: Actor,
  ): Promise<readonly RuleParameter[]> {
    const { parameters } = this.parts;
    const { packs } = this.#planned;
    assertNumbers(values);
    const faults = packs.flatMap((pack) => packFaults(pack, parameters.valuesOf(pack, values)));
    if (faults.length > 0)
      throw new LabkeeperError(
        'VALIDATION_ERROR',
        `the rules cannot be read with this: ${faults.join('; ')}`,
      );
    await parameters.set(values, { by, packs });
    await this.apply(this.#planned);
    return this.parameters();
  }

  /** Makes these the rules that are evaluated. What has not changed goes on undisturbed; a changed rule keeps its waiting times. */
  async apply(planned: PlannedRules): Promise<void> {
    this.#planned = planned;
    const wanted = groupsOf(planned, (pack) => this.parts.parameters.valuesOf(pack));
    const before = new Map(this.#running.map((group) => [group.keyed.key, group]));
    const isKept = ({ key, digest }: KeyedGroup) => before.get(key)?.keyed.digest === digest;
    const stopped = this.#running.filter(
      ({ keyed }) => !wanted.some((one) => one.key === keyed.key && isKept(one)),
    );
    await Promise.all(stopped.map(({ task }) => task.stop()));
    const evaluators = wanted.map((keyed) => this.#evaluator(keyed, before.get(keyed.key)));
    if (stopped.length > 0 || wanted.some((keyed) => !isKept(keyed))) await this.#watch(evaluators);
    this.#running = wanted.map((keyed, index) => {
      const evaluator = evaluators[index] as GroupEvaluator;
      const known = before.get(keyed.key);
      const task = isKept(keyed) && known ? known.task : this.#schedule(keyed, evaluator);
      return { keyed, evaluator, task };
    });
    await this.parts.signals.keepOnly(wanted.map(({ key }) => key));
  }

  /** Those whose rules may have something to say about what has just arrived. */
  get evaluators(): readonly GroupEvaluator[] {
    return this.#running.map(({ evaluator }) => evaluator);
  }

  #evaluator(keyed: KeyedGroup, known: RunningGroup | undefined): GroupEvaluator {
    if (known && known.keyed.digest === keyed.digest) return known.evaluator;
    const { clock, query, signals, recent, externalUrl, ingest, waitingTimes } = this.parts;
    const source = ingest.source({ plugin: 'rules' });
    const evaluator = new GroupEvaluator(keyed.key, keyed.group, {
      ...{ clock, query, signals, recent, externalUrl: externalUrl(), lastForState: waitingTimes.last },
      write: (samples: readonly Sample[], atMs: number) => source.add(samples, atMs),
      settleSamples: () => ingest.flush(),
    });
    if (known) evaluator.takeOver(known.evaluator);
    return evaluator;
  }

  /** Keeps the recent past of what these read. Without the store it begins with what arrives from now on. */
  async #watch(evaluators: readonly GroupEvaluator[]): Promise<void> {
    const { recent, ingest, clock, log } = this.parts;
    const runs = evaluators.flatMap((evaluator) => evaluator.runs);
    // What has been taken in and is not in the store yet would be missing.
    await ingest.flush();
    await recent
      .watch(
        runs.flatMap(({ reads }) => reads.watched),
        clock.now(),
      )
      .catch((error: unknown) => {
        log.warn('the recent past could not be read; rules begin with what arrives now', {
          reason: describeError(error),
        });
      });
    for (const evaluator of evaluators) evaluator.connect((matchers) => recent.selector(matchers));
  }

  #schedule({ key, group }: KeyedGroup, evaluator: GroupEvaluator): TaskHandle {
    const everyMs = group.intervalMs ?? DEFAULT_INTERVAL_MS;
    return this.parts.scheduler.schedule({
      id: `rules/${key}`,
      plugin: 'rules',
      trigger: { kind: 'interval', everyMs, phase: 'spread' },
      timeoutMs: Math.min(everyMs, LONGEST_EVALUATION_MS),
      // Samples have whole milliseconds.
      run: () => evaluator.evaluate(Math.round(this.parts.clock.now())),
    });
  }
}

function assertNumbers(values: Readonly<Record<string, number | null>>): void {
  for (const [name, value] of Object.entries(values))
    if (value !== null && !Number.isFinite(value))
      throw new LabkeeperError('VALIDATION_ERROR', `${name} must be a number`, { field: name });
}
