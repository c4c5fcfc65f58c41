import type { Clock, Timer } from '../contract/clock.js';
import type { Logger } from '../contract/log.js';
import type { Scheduler, TaskDefinition, TaskHandle } from '../contract/scheduler.js';
import { describeError, LabkeeperError } from '../errors/labkeeper-error.js';
import { Budgets, DEFAULT_LIMITS, type SchedulerLimits } from './budgets.js';
import { DueHeap } from './due-heap.js';
import { dueTimes } from './due-times.js';
import { ReadyQueue } from './ready-queue.js';
import { ScheduledTask, type TaskControl } from './scheduled-task.js';
import { OngoingRun } from './task-run.js';

/** What a scheduler needs. */
export interface SchedulerParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<SchedulerLimits>;
  /**
   * When the program started, by the monotonic clock (0 with `systemClock()`). Intervals whose turn came while the program
   * was starting are then due at once, so that after a restart every task runs within one interval of it. Default: when
   * the task is scheduled.
   */
  readonly startedMonotonicMs?: number;
}

const DEFAULT_GRACE_MS = 5_000;
/**
 * A deadline noticed this much too late means that the whole process stood still: somebody blocked the event loop, or the
 * machine slept. The run had no chance to end in time, so it gets that long once more. Ten times the jitter of a busy loop.
 */
const STANDSTILL_MS = 250;

/** Makes a scheduler: one timer over a heap, whatever the number of tasks. */
export function createScheduler(parts: SchedulerParts): Scheduler {
  return new HeapScheduler(parts);
}

class HeapScheduler implements Scheduler, TaskControl {
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #due = new DueHeap<ScheduledTask>();
  readonly #deadlines = new DueHeap<OngoingRun>();
  readonly #taskOf = new WeakMap<OngoingRun, ScheduledTask>();
  readonly #ready = new ReadyQueue<ScheduledTask>();
  readonly #budgets: Budgets;
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  private readonly clock: Clock;
  private readonly log: Logger;

  constructor(private readonly parts: SchedulerParts) {
    this.clock = parts.clock;
    this.log = parts.log;
    this.#budgets = new Budgets({ ...DEFAULT_LIMITS, ...parts.limits });
  }

  schedule(definition: TaskDefinition): TaskHandle {
    if (this.#tasks.has(definition.id)) {
      throw new LabkeeperError('TASK_DUPLICATE', `a task '${definition.id}' is scheduled already`, {
        found: definition.id,
      });
    }
    const task = new ScheduledTask(definition, dueTimes(definition.trigger, definition.id, this.parts), this);
    this.#tasks.set(task.id, task);
    this.#plan(task, task.times.first());
    return task;
  }

  get(id: string): TaskHandle | undefined {
    return this.#tasks.get(id);
  }

  tasks(): readonly TaskHandle[] {
    return [...this.#tasks.values()];
  }

  async stop(graceMs?: number): Promise<void> {
    await Promise.all([...this.#tasks.values()].map((task) => this.stopTask(task, graceMs)));
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  wallMs(monotonicMs: number): number {
    return Math.round(this.clock.now() + monotonicMs - this.clock.monotonicMs());
  }

  runNow(task: ScheduledTask): Promise<void> {
    if (task.lifecycle === 'stopped') {
      return Promise.reject(new LabkeeperError('TASK_UNKNOWN', `the task '${task.id}' has been stopped`));
    }
    if (task.run) return task.run.ended;
    const ended = new Promise<void>((resolve) => task.waiting.push(resolve));
    if (!task.queued) this.#enqueue(task, this.clock.monotonicMs());
    return ended;
  }

  pause(task: ScheduledTask): void {
    if (task.lifecycle !== 'active') return;
    task.lifecycle = 'paused';
    this.#due.remove(task);
  }

  resume(task: ScheduledTask): void {
    if (task.lifecycle !== 'paused') return;
    task.lifecycle = 'active';
    this.#plan(task, task.times.first());
  }

  // The handle's stop; the scheduler's own has another signature.
  async stopTask(task: ScheduledTask, graceMs = DEFAULT_GRACE_MS): Promise<void> {
    task.lifecycle = 'stopped';
    this.#tasks.delete(task.id);
    this.#due.remove(task);
    if (task.queued) this.#dropQueued(task);
    const { run } = task;
    if (!run) return;
    run.abort(new LabkeeperError('TASK_TIMEOUT', `the task '${task.id}' was stopped`));
    const waiting = new AbortController();
    const grace = this.clock.sleep(graceMs, waiting.signal).catch(() => undefined);
    await Promise.race([run.ended, grace]);
    waiting.abort();
  }

  #dropQueued(task: ScheduledTask): void {
    this.#ready.remove(task);
    task.queued = false;
    for (const resolve of task.waiting.splice(0)) resolve();
  }

  #plan(task: ScheduledTask, dueMonotonicMs: number): void {
    task.dueMonotonicMs = dueMonotonicMs;
    if (dueMonotonicMs === Number.POSITIVE_INFINITY) this.#due.remove(task);
    else this.#due.push(task);
    this.#arm();
  }

  /** Sets the one timer to the earliest due time or deadline. */
  #arm(): void {
    const nextMs = Math.min(
      this.#due.peek()?.dueMonotonicMs ?? Number.POSITIVE_INFINITY,
      this.#deadlines.peek()?.dueMonotonicMs ?? Number.POSITIVE_INFINITY,
    );
    // An earlier wake-up than needed is cheaper than setting the timer anew at every change.
    if (nextMs >= this.#timerAtMs || nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer?.cancel();
    this.#timerAtMs = nextMs;
    this.#timer = this.clock.setTimer(this.#wake, Math.max(0, nextMs - this.clock.monotonicMs()));
  }

  readonly #wake = (): void => {
    this.#timer = undefined;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const nowMs = this.clock.monotonicMs();
    this.#passDeadlines(nowMs);
    this.#queueDue(nowMs);
    this.#startReady();
    this.#arm();
  };

  #queueDue(nowMs: number): void {
    for (let task = this.#due.peek(); task && task.dueMonotonicMs <= nowMs; task = this.#due.peek()) {
      const dueMs = task.dueMonotonicMs;
      const { run, next, missed } = task.times.advance(dueMs);
      task.missed += missed;
      task.dueMonotonicMs = next;
      if (next === Number.POSITIVE_INFINITY) this.#due.remove(task);
      else this.#due.push(task);
      if (!run) continue;
      // Never twice at once: a due time during a run, or while one waits, has passed for good.
      if (task.run || task.queued) task.missed += 1;
      else this.#queue(task, dueMs);
    }
  }

  #enqueue(task: ScheduledTask, dueMonotonicMs: number): void {
    this.#queue(task, dueMonotonicMs);
    this.#startReady();
    this.#arm();
  }

  #queue(task: ScheduledTask, dueMonotonicMs: number): void {
    task.queued = true;
    task.queuedDueMonotonicMs = dueMonotonicMs;
    this.#ready.add(task);
  }

  #startReady(): void {
    for (let task = this.#ready.take(this.#budgets); task; task = this.#ready.take(this.#budgets))
      this.#start(task);
  }

  #start(task: ScheduledTask): void {
    const startMs = this.clock.monotonicMs();
    const latenessMs = Math.max(0, startMs - task.queuedDueMonotonicMs);
    const run = new OngoingRun(
      this.wallMs(task.queuedDueMonotonicMs),
      latenessMs,
      startMs,
      task.definition.timeoutMs,
    );
    task.queued = false;
    task.run = run;
    task.runs += 1;
    task.lastStartMs = this.clock.now();
    task.lastLatenessMs = latenessMs;
    this.#budgets.take(task);
    this.#taskOf.set(run, task);
    this.#deadlines.push(run);
    void this.#perform(task, run);
  }

  async #perform(task: ScheduledTask, run: OngoingRun): Promise<void> {
    try {
      await task.definition.run(run);
    } catch (error) {
      // After the deadline the failure is known already, and it was told as a time-out.
      if (!run.overdue) this.#fail(task, error);
    }
    this.#finish(task, run);
  }

  #finish(task: ScheduledTask, run: OngoingRun): void {
    task.run = undefined;
    task.lastDurationMs = this.clock.monotonicMs() - run.startMonotonicMs;
    this.#deadlines.remove(run);
    this.#budgets.releasePlugin(task);
    if (!run.overdue) this.#releaseShared(task);
    run.end();
    for (const resolve of task.waiting.splice(0)) resolve();
    this.#startReady();
    this.#arm();
  }

  #releaseShared(task: ScheduledTask): void {
    this.#budgets.releaseShared(task);
    if (task.targetHost !== undefined) this.#ready.hostIsFree(task.targetHost);
  }

  #passDeadlines(nowMs: number): void {
    for (let run = this.#deadlines.peek(); run && run.dueMonotonicMs <= nowMs; run = this.#deadlines.peek()) {
      const lateMs = nowMs - run.dueMonotonicMs;
      if (lateMs > STANDSTILL_MS && !run.extended) this.#extend(run, lateMs);
      else this.#expire(run);
    }
  }

  #extend(run: OngoingRun, lateMs: number): void {
    run.extended = true;
    run.dueMonotonicMs += 2 * lateMs;
    this.#deadlines.push(run);
  }

  #expire(run: OngoingRun): void {
    this.#deadlines.remove(run);
    const task = this.#taskOf.get(run);
    if (!task) return;
    run.overdue = true;
    task.timeouts += 1;
    const timeout = new LabkeeperError(
      'TASK_TIMEOUT',
      `'${task.id}' did not end within ${task.definition.timeoutMs} ms`,
    );
    run.abort(timeout);
    this.#releaseShared(task);
    this.#fail(task, timeout);
  }

  #fail(task: ScheduledTask, error: unknown): void {
    task.failures += 1;
    try {
      task.definition.onError?.(error);
    } catch (fault) {
      this.log.error('the error handler of a task threw', { task: task.id, reason: describeError(fault) });
    }
  }
}
