import type { Clock } from '@labkeeper/core';
import type { MetricSample } from './metric-family.js';

/** Upper bounds in seconds: from what a quiet machine shows (a millisecond) to what means trouble. */
const BOUNDS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
const BUCKETS = BOUNDS_SECONDS.length + 1;
/** The percentile is of the last one to two windows: old enough to be steady, young enough to show trouble of now. */
const WINDOW_MS = 150_000;

/** How late runs begin. Counts only, so that a run costs a few comparisons. */
export class Lateness {
  readonly #total = new Float64Array(BUCKETS);
  #recent = new Float64Array(BUCKETS);
  #before = new Float64Array(BUCKETS);
  #sumSeconds = 0;
  #windowEndMs: number;

  constructor(private readonly clock: Clock) {
    this.#windowEndMs = clock.monotonicMs() + WINDOW_MS;
  }

  add(latenessMs: number): void {
    const seconds = latenessMs / 1_000;
    let bucket = 0;
    while (bucket < BUCKETS - 1 && seconds > (BOUNDS_SECONDS[bucket] as number)) bucket += 1;
    this.#total[bucket] = (this.#total[bucket] as number) + 1;
    this.#recent[bucket] = (this.#recent[bucket] as number) + 1;
    this.#sumSeconds += seconds;
  }

  /** The 99th percentile of the last minutes, between bounds taken as even. 0 without any run. */
  p99Ms(): number {
    this.#turnWindow();
    const counts = this.#recent.map((count, bucket) => count + (this.#before[bucket] as number));
    const rank = 0.99 * counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = counts[bucket] as number;
      if (count > 0 && below + count >= rank) return 1_000 * between(bucket, (rank - below) / count);
      below += count;
    }
    return 0;
  }

  /** The lines of a Prometheus histogram. */
  samples(): readonly MetricSample[] {
    let count = 0;
    const buckets = [...BOUNDS_SECONDS.map(String), '+Inf'].map((le, bucket): MetricSample => {
      count += this.#total[bucket] as number;
      return { suffix: '_bucket', labels: { le }, value: count };
    });
    return [
      ...buckets,
      { suffix: '_sum', labels: {}, value: this.#sumSeconds },
      { suffix: '_count', labels: {}, value: count },
    ];
  }

  #turnWindow(): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs < this.#windowEndMs) return;
    // After a long pause both windows are old.
    this.#before = nowMs < this.#windowEndMs + WINDOW_MS ? this.#recent : new Float64Array(BUCKETS);
    this.#recent = new Float64Array(BUCKETS);
    this.#windowEndMs = nowMs + WINDOW_MS;
  }
}

function between(bucket: number, share: number): number {
  const low = BOUNDS_SECONDS[bucket - 1] ?? 0;
  const high = BOUNDS_SECONDS[bucket] ?? low;
  return low + (high - low) * share;
}
