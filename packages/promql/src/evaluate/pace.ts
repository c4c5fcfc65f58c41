import type { EvaluateOptions } from '../evaluate-options.js';
import { PromqlError } from '../promql-error.js';

/** How long an evaluation may hold the event loop before it lets others have it. */
const TURN_MS = 10;

/** Asked after every turn of work: whether to stop, and whether to let others have the event loop. */
export class Pace {
  readonly #endMs: number;
  #pausedMs: number;

  constructor(readonly options: Pick<EvaluateOptions, 'signal' | 'monotonicMs' | 'pause' | 'limits'>) {
    this.#pausedMs = options.monotonicMs?.() ?? 0;
    this.#endMs = this.#pausedMs + (options.limits?.timeoutMs ?? Number.POSITIVE_INFINITY);
  }

  /** Throws PromqlError when the query was cancelled or took too long. True when it is time for a pause. */
  check(): boolean {
    const { signal, monotonicMs } = this.options;
    if (signal?.aborted) throw new PromqlError('canceled', 'query was canceled in expression evaluation');
    if (!monotonicMs) return false;
    const nowMs = monotonicMs();
    if (nowMs >= this.#endMs) throw new PromqlError('timeout', 'query timed out in expression evaluation');
    return nowMs - this.#pausedMs >= TURN_MS;
  }

  async pause(): Promise<void> {
    await this.options.pause?.();
    this.#pausedMs = this.options.monotonicMs?.() ?? 0;
  }
}
