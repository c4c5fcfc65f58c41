import type { TaskRun } from '../contract/scheduler.js';
import type { HeapItem } from './due-heap.js';

/** One run that is going on. Its signal is made only when somebody asks: most tasks of a busy machine never do. */
export class OngoingRun implements TaskRun, HeapItem {
  /** The deadline, under the name the heap sorts by. */
  dueMonotonicMs: number;
  heapIndex = -1;
  /** Set when the deadline has passed: shared budgets are given back already. */
  overdue = false;
  /** Whether the deadline was put off once because the whole process had stood still. */
  extended = false;
  readonly ended: Promise<void>;
  readonly end: () => void;
  #controller: AbortController | undefined;
  #abortReason: unknown;

  constructor(
    readonly dueMs: number,
    readonly latenessMs: number,
    readonly startMonotonicMs: number,
    timeoutMs: number,
  ) {
    this.dueMonotonicMs = startMonotonicMs + timeoutMs;
    let resolveEnd: () => void = () => undefined;
    this.ended = new Promise((resolve) => {
      resolveEnd = resolve;
    });
    this.end = resolveEnd;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(reason);
  }
}
