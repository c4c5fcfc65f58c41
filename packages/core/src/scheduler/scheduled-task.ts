import type { TaskDefinition, TaskHandle, TaskStats } from '../contract/scheduler.js';
import type { HeapItem } from './due-heap.js';
import type { DueTimes } from './due-times.js';
import type { OngoingRun } from './task-run.js';

/** What a task asks of the scheduler. */
export interface TaskControl {
  runNow(task: ScheduledTask): Promise<void>;
  pause(task: ScheduledTask): void;
  resume(task: ScheduledTask): void;
  stopTask(task: ScheduledTask, graceMs: number | undefined): Promise<void>;
  /** A monotonic time as milliseconds since the epoch. */
  wallMs(monotonicMs: number): number;
}

/** A task with its place in the schedule. Fields change only in the scheduler. */
export class ScheduledTask implements TaskHandle, HeapItem {
  dueMonotonicMs = Number.POSITIVE_INFINITY;
  heapIndex = -1;
  lifecycle: 'active' | 'paused' | 'stopped' = 'active';
  queued = false;
  /** When the queued run was due. */
  queuedDueMonotonicMs = 0;
  /** Resolves callers of `runNow` when the queued run has ended. */
  readonly waiting: (() => void)[] = [];
  run: OngoingRun | undefined;
  runs = 0;
  failures = 0;
  timeouts = 0;
  missed = 0;
  lastStartMs: number | undefined;
  lastDurationMs: number | undefined;
  lastLatenessMs: number | undefined;

  constructor(
    readonly definition: TaskDefinition,
    readonly times: DueTimes,
    private readonly control: TaskControl,
  ) {}

  get id(): string {
    return this.definition.id;
  }

  get plugin(): string {
    return this.definition.plugin;
  }

  get targetHost(): string | undefined {
    return this.definition.targetHost;
  }

  get state(): TaskHandle['state'] {
    if (this.lifecycle === 'stopped') return 'stopped';
    if (this.run) return 'running';
    if (this.queued) return 'queued';
    return this.lifecycle === 'paused' ? 'paused' : 'waiting';
  }

  runNow(): Promise<void> {
    return this.control.runNow(this);
  }

  pause(): void {
    this.control.pause(this);
  }

  resume(): void {
    this.control.resume(this);
  }

  stop(graceMs?: number): Promise<void> {
    return this.control.stopTask(this, graceMs);
  }

  stats(): TaskStats {
    // Asked for every run of a check: one literal, because one put together from pieces costs several times as much.
    return {
      runs: this.runs,
      failures: this.failures,
      timeouts: this.timeouts,
      missed: this.missed,
      lastStartMs: this.lastStartMs,
      lastDurationMs: this.lastDurationMs,
      lastLatenessMs: this.lastLatenessMs,
      nextDueMs: this.#nextDueMs(),
    };
  }

  #nextDueMs(): number | undefined {
    if (this.heapIndex < 0) return undefined;
    const wallDueMs = this.times.wallDueMs?.() ?? this.control.wallMs(this.dueMonotonicMs);
    return Number.isFinite(wallDueMs) ? wallDueMs : undefined;
  }
}
