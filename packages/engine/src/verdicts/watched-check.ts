import {
  type AttributeValue,
  formatDuration,
  type TaskHandle,
  type Verdict,
  type VerdictStatus,
} from '@labkeeper/core';
import type { CheckInstance } from '../plan/plan.js';
import type { CheckRecord, LastResults, PauseChoice } from './check-record.js';
import type { CheckStatus } from './check-status.js';
import {
  initialVerdict,
  nextVerdict,
  STATUS_LETTER,
  silentVerdict,
  uncounted,
  type VerdictState,
} from './verdict-machine.js';

/** Results shown as a row of beats. Forty fit on a phone. */
const REMEMBERED_BEATS = 40;
/** Data that stays away for so many intervals (and the time of one run) has stopped. */
const SILENT_INTERVALS = 3;

/** Whether the parents of a check that went down have been asked how they are. */
export type ParentInquiry = 'due' | 'going on' | 'answered';

/** When a run began, by both clocks. */
export interface RunStart {
  readonly startMs: number;
  readonly startMonotonicMs: number;
}

/** Now, as milliseconds since the epoch and as time awake (see the heartbeat). */
export interface Moment {
  readonly nowMs: number;
  readonly awakeMs: number;
}

/** What of a check would matter after a restart, as far as it changes. */
export interface StoredFacts {
  readonly status: VerdictStatus;
  readonly flapping: boolean;
  readonly pause: PauseChoice | undefined;
}

const SOURCE_PREFIX = 'check/';

/** Whether an alert with this source is raised by a check. */
export function isOfCheck(source: string): boolean {
  return source.startsWith(SOURCE_PREFIX);
}

/** One check with all that is known of it while the engine runs. */
export class WatchedCheck {
  state: VerdictState;
  /** Set by a person; wins over the file. */
  pause: PauseChoice | undefined;
  task: TaskHandle | undefined;
  parents: ParentInquiry = 'due';
  /** Monotonic. A result of a run that began earlier is worth nothing: something it depends on was still down. */
  freshFromMs = 0;
  /** Key of its alert. */
  readonly source: string;
  #stored: StoredFacts | undefined;
  #lastStartMonotonicMs = Number.NEGATIVE_INFINITY;
  #message: string;
  #latencyMs: number | undefined;
  #details: Readonly<Record<string, AttributeValue>> | undefined;
  #lastRunMs: number | undefined;
  #beats = '';
  /** Time awake, see the heartbeat, at the last sign of life. */
  #heardAwakeMs: number;
  /** Usual distance of two runs. */
  #everyMs: number;
  /** False until the state rests on results that are young enough to be shown. */
  #isFresh: boolean;
  #hasResult = false;

  constructor(
    public definition: CheckInstance,
    { nowMs, awakeMs }: Moment,
    {
      record,
      last,
    }: { readonly record?: CheckRecord | undefined; readonly last?: LastResults[string] | undefined } = {},
  ) {
    this.source = SOURCE_PREFIX + definition.name;
    this.state = record ? uncounted(record.state) : initialVerdict(nowMs);
    this.pause = record?.pause;
    this.#message = last?.message ?? record?.message ?? 'not checked yet';
    this.#beats = last?.beats ?? '';
    this.#lastRunMs = last?.lastRunMs;
    this.#heardAwakeMs = awakeMs;
    this.#everyMs = everyMs(definition);
    this.#isFresh = last !== undefined && nowMs - last.lastRunMs <= this.silenceLimitMs;
    if (record) this.#stored = this.storedFacts();
  }

  get id(): string {
    return this.definition.name;
  }

  get isPaused(): boolean {
    const { pause, definition } = this;
    return pause && pause.filePaused === definition.paused ? pause.paused : definition.paused;
  }

  get message(): string {
    return this.#message;
  }

  get lastRunMs(): number | undefined {
    return this.#lastRunMs;
  }

  /** What people see: the confirmed status, as long as it rests on something recent. */
  get shownStatus(): VerdictStatus {
    return this.#isFresh && !this.isPaused ? this.state.status : 'unknown';
  }

  /** Whether anything is known of it since the engine started: a result, or that results stay away. */
  get hasSpoken(): boolean {
    return this.#hasResult || this.state.silent;
  }

  get silenceLimitMs(): number {
    return SILENT_INTERVALS * this.#everyMs + this.definition.timeoutMs;
  }

  /** Whether the last result is from after the time when everything it depends on was back. */
  get isFreshEnough(): boolean {
    return this.#lastStartMonotonicMs >= this.freshFromMs;
  }

  /** It runs from now on. */
  begin(task: TaskHandle, { nowMs }: Moment): void {
    this.task = task;
    if (this.isPaused) task.pause();
    this.#learnInterval(nowMs);
  }

  /** Takes the result of a run. Called for every run. */
  record(verdict: Verdict, { startMs, startMonotonicMs }: RunStart, { nowMs, awakeMs }: Moment): void {
    this.#message = verdict.message;
    this.#latencyMs = verdict.latencyMs;
    this.#details = verdict.details;
    this.#lastRunMs = startMs;
    this.#lastStartMonotonicMs = startMonotonicMs;
    this.#heardAwakeMs = awakeMs;
    this.#isFresh = true;
    this.#hasResult = true;
    const letter = STATUS_LETTER[verdict.status];
    this.#beats =
      this.#beats.length < REMEMBERED_BEATS ? this.#beats + letter : this.#beats.slice(1) + letter;
    // A run that a person asked for while it is paused is shown, and has no consequences.
    if (!this.isPaused) this.state = nextVerdict(this.state, verdict.status, this.definition, nowMs);
    else this.state = { ...this.state, raw: verdict.status };
    this.#learnInterval(startMs);
  }

  /** Whether data has just stopped coming. `awakeMs` does not count the sleep of the machine. */
  fallsSilent({ awakeMs }: Moment): boolean {
    return !this.state.silent && !this.isPaused && awakeMs - this.#heardAwakeMs > this.silenceLimitMs;
  }

  /** Data has stopped coming: from now on nobody knows. */
  silence({ nowMs }: Moment): void {
    this.state = silentVerdict(this.state, nowMs);
    const since =
      this.#lastRunMs === undefined ? '' : ` since ${new Date(this.#lastRunMs).toISOString().slice(0, 19)}Z`;
    this.#message = `no result${since}: it should run every ${formatDuration(this.#everyMs)}`;
    this.#isFresh = true;
  }

  /** Begins anew after a pause: nobody knows what happened meanwhile. */
  forgetState({ nowMs, awakeMs }: Moment): void {
    this.state = initialVerdict(nowMs);
    this.#heardAwakeMs = awakeMs;
    this.parents = 'due';
  }

  /** Another definition of the same check. What is known of its target stays. */
  redefine(definition: CheckInstance, moment: Moment): void {
    const wasPaused = this.isPaused;
    this.definition = definition;
    this.task = undefined;
    this.#everyMs = everyMs(definition);
    this.#heardAwakeMs = moment.awakeMs;
    // Once the file says something else, a person's choice of before is over for good.
    if (this.pause && this.pause.filePaused !== definition.paused) this.pause = undefined;
    if (wasPaused !== this.isPaused) this.forgetState(moment);
  }

  /** True when the store has something older than what would matter after a restart. Called for every run. */
  get needsStoring(): boolean {
    const { state, pause } = this;
    const stored = this.#stored;
    return (
      stored === undefined ||
      stored.status !== state.status ||
      stored.flapping !== state.flapping ||
      stored.pause !== pause
    );
  }

  get hasBeenStored(): boolean {
    return this.#stored !== undefined;
  }

  /** Status that the store has; `unknown` when it has none. */
  get storedStatus(): VerdictStatus {
    return this.#stored?.status ?? 'unknown';
  }

  storedFacts(): StoredFacts {
    return { status: this.state.status, flapping: this.state.flapping, pause: this.pause };
  }

  /** The store has it as it was at that time; it may have changed again meanwhile. */
  markStored(facts: StoredFacts): void {
    this.#stored = facts;
  }

  toRecord(): CheckRecord {
    return { state: this.state, message: this.#message, ...(this.pause ? { pause: this.pause } : {}) };
  }

  lastResult(): LastResults[string] | undefined {
    if (this.#lastRunMs === undefined) return undefined;
    return { beats: this.#beats, lastRunMs: this.#lastRunMs, message: this.#message };
  }

  /** Called for every run: one literal, because objects put together from pieces cost several times as much. */
  toStatus(suppressedBy: CheckStatus['suppressedBy']): CheckStatus {
    const { definition, state } = this;
    const { trigger } = definition;
    const paused = this.isPaused;
    return {
      id: definition.name,
      name: definition.name,
      displayName: definition.displayName,
      plugin: definition.plugin,
      contribution: definition.check.name,
      entity: definition.entity,
      status: this.#isFresh && !paused ? state.status : 'unknown',
      raw: state.raw,
      message: this.#message,
      latencyMs: this.#latencyMs,
      details: this.#details,
      sinceMs: state.sinceMs,
      lastRunMs: this.#lastRunMs,
      nextRunMs: paused ? undefined : this.task?.stats().nextDueMs,
      everyMs: trigger.kind === 'interval' ? trigger.everyMs : undefined,
      failuresInARow: state.badInARow,
      flapping: state.flapping,
      paused,
      dependsOn: definition.dependsOn,
      suppressedBy,
      severity: definition.severity,
      beats: this.#beats,
    };
  }

  /** The distance of a cron trigger's times is known only from one run to the next. */
  #learnInterval(startMs: number): void {
    if (this.definition.trigger.kind === 'interval') return;
    const nextMs = this.task?.stats().nextDueMs;
    if (nextMs !== undefined && nextMs > startMs) this.#everyMs = nextMs - startMs;
  }
}

/** For a cron trigger a guess, until it is scheduled. */
function everyMs({ trigger }: CheckInstance): number {
  return trigger.kind === 'interval' ? trigger.everyMs : 86_400_000;
}
