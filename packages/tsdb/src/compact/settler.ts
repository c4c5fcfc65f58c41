import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type SettledSeries, settleSeries, type UnsettledSeries } from './settle-series.js';

/** Does the work of compaction: on this thread, or on one of its own. */
export interface Settler {
  settle(series: readonly UnsettledSeries[], dayMs: number): Promise<readonly SettledSeries[]>;
  /** Lets go of the thread, if there is one. */
  close(): Promise<void>;
}

/** On this thread. For tests, and where threads cannot be had. */
export const INLINE_SETTLER: Settler = {
  settle: async (series, dayMs) => series.map((one) => settleSeries(one, dayMs)),
  close: async () => undefined,
};

/** What is sent to the thread, and what comes back. */
export interface SettleRequest {
  readonly series: readonly UnsettledSeries[];
  readonly dayMs: number;
}

/**
 * A thread that lives as long as one compaction: some seconds a day, in which it would otherwise hold up requests. Its memory is
 * given back with it.
 */
class ThreadSettler implements Settler {
  #worker: Worker | undefined;

  constructor(private readonly file: URL) {}

  settle(series: readonly UnsettledSeries[], dayMs: number): Promise<readonly SettledSeries[]> {
    const worker = (this.#worker ??= new Worker(this.file, {
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    }));
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (settled: readonly SettledSeries[]) => settle(() => resolve(settled));
      const onError = (error: unknown) => settle(() => reject(error));
      const onExit = () => settle(() => reject(new Error('the thread of the compaction ended')));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage({ series, dayMs } satisfies SettleRequest);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** Lies beside the built package; there is none when the sources run unbuilt. */
const THREAD = new URL('./settle-thread.js', import.meta.url);

/** A thread where there is one to be had. */
export function newSettler(): Settler {
  return existsSync(fileURLToPath(THREAD)) ? new ThreadSettler(THREAD) : INLINE_SETTLER;
}
