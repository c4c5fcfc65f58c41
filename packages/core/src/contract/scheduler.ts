/** When a task runs. */
export type Trigger =
  | {
      readonly kind: 'interval';
      readonly everyMs: number;
      /**
       * Where in the interval it runs. `spread` (default): a place of its own, derived from the task's id, so that a
       * thousand checks do not start together and keep their place over restarts. `now`: at once and then every `everyMs`.
       */
      readonly phase?: 'spread' | 'now';
    }
  | {
      readonly kind: 'cron';
      /** Five fields, or six with seconds first. */
      readonly expression: string;
      /** IANA name; default UTC. */
      readonly timeZone?: string;
    };

/** What a run is told. */
export interface TaskRun {
  /** Aborts at the deadline and when the task is stopped. */
  readonly signal: AbortSignal;
  /** The time it was due, in milliseconds since the epoch. */
  readonly dueMs: number;
  /** How much later than due it began. */
  readonly latenessMs: number;
}

/** Something scheduled. */
export interface TaskDefinition {
  /** Unique among running tasks, such as `check/http/nextcloud`. */
  readonly id: string;
  /** Whose concurrency budget it uses. */
  readonly plugin: string;
  /** The machine it talks to; limits how many tasks ask it at once. */
  readonly targetHost?: string;
  readonly trigger: Trigger;
  readonly timeoutMs: number;
  /**
   * Does the work. Never runs twice at once for one task. A rejection is counted and told by `onError`; it stops nothing.
   * A run that goes on after its deadline keeps its place in the plugin's budget until it ends, and no other one's.
   */
  run(run: TaskRun): Promise<void>;
  /** Told of every rejection, and of a deadline (TASK_TIMEOUT) at the moment it passes. Must not throw. */
  onError?(error: unknown): void;
}

export interface TaskStats {
  readonly runs: number;
  readonly failures: number;
  readonly timeouts: number;
  /** Due times that passed without a run: the run before was still going, the budget was full, or the machine slept. */
  readonly missed: number;
  readonly lastStartMs?: number | undefined;
  readonly lastDurationMs?: number | undefined;
  readonly lastLatenessMs?: number | undefined;
  readonly nextDueMs?: number | undefined;
}

/** A task that has been scheduled. */
export interface TaskHandle {
  readonly id: string;
  readonly state: 'waiting' | 'queued' | 'running' | 'paused' | 'stopped';
  /** Runs it as soon as its budgets allow and resolves when that run has ended; joins a run that is going. */
  runNow(): Promise<void>;
  pause(): void;
  resume(): void;
  /** No further run; aborts a running one and resolves when it has ended, or after `graceMs` (default 5 s). */
  stop(graceMs?: number): Promise<void>;
  stats(): TaskStats;
}

/** When things run. One per process. */
export interface Scheduler {
  /** Throws TASK_DUPLICATE for an id in use. */
  schedule(task: TaskDefinition): TaskHandle;
  get(id: string): TaskHandle | undefined;
  tasks(): readonly TaskHandle[];
  /** Stops every task; see {@link TaskHandle.stop}. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}
