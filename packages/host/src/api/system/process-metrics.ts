import { readdir } from 'node:fs/promises';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@labkeeper/core';
import type { MetricFamily } from '@labkeeper/engine';

/** The monitor wakes the process this often. A finer one would be the busiest thing on an idle Raspberry Pi. */
const LOOP_RESOLUTION_MS = 100;

/** Figures of the event loop are about at most this long, then they begin anew; otherwise one bad minute would stay for ever. */
const LOOP_WINDOW_MS = 300_000;

/** What the process uses. */
export interface ProcessUsage {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** User and system together, since the start. */
  readonly cpuSeconds: number;
  readonly eventLoopDelayP99Ms: number;
  readonly uptimeSeconds: number;
}

/** Watches the process itself. */
export class ProcessMonitor {
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  readonly #startedMs: number;
  #windowStartMs: number;

  constructor(private readonly clock: Clock) {
    this.#startedMs = clock.monotonicMs();
    this.#windowStartMs = this.#startedMs;
    this.#loop.enable();
  }

  usage(): ProcessUsage {
    const { user, system } = process.cpuUsage();
    const memory = process.memoryUsage();
    return {
      rssBytes: memory.rss,
      heapBytes: memory.heapUsed,
      cpuSeconds: (user + system) / 1e6,
      eventLoopDelayP99Ms: this.#loopDelay(),
      uptimeSeconds: (this.clock.monotonicMs() - this.#startedMs) / 1_000,
    };
  }

  stop(): void {
    this.#loop.disable();
  }

  /** The histogram measures from one wake-up to the next, so its own interval is taken off. */
  #loopDelay(): number {
    const p99Ms = this.#loop.percentile(99) / 1e6;
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.#windowStartMs > LOOP_WINDOW_MS) {
      this.#loop.reset();
      this.#windowStartMs = nowMs;
    }
    return Math.max(0, p99Ms - LOOP_RESOLUTION_MS);
  }
}

/** The names that every Prometheus client library gives to the figures of its process. */
export async function processFamilies(
  usage: ProcessUsage,
  startedAtMs: number,
): Promise<readonly MetricFamily[]> {
  const openFiles = await countOpenFiles();
  return [
    counter(
      'process_cpu_seconds_total',
      'Total user and system CPU time spent in seconds.',
      usage.cpuSeconds,
    ),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', usage.rssBytes),
    gauge(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      startedAtMs / 1_000,
    ),
    ...(openFiles === undefined
      ? []
      : [gauge('process_open_fds', 'Number of open file descriptors.', openFiles)]),
    gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.', usage.heapBytes),
    gauge(
      'nodejs_eventloop_lag_p99_seconds',
      'The 99th percentile of the recorded event loop delays.',
      usage.eventLoopDelayP99Ms / 1_000,
    ),
  ];
}

/** Only Linux tells; elsewhere the figure is left out. */
async function countOpenFiles(): Promise<number | undefined> {
  return (await readdir('/proc/self/fd').catch(() => undefined))?.length;
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'counter', samples: [{ labels: {}, value }] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'gauge', samples: [{ labels: {}, value }] };
}
