import type { Clock } from '@labkeeper/core';

/** How long a line that was written keeps its like quiet. A plugin that reports a bad sample does so with every run. */
const QUIET_MS = 60_000;
/** More different lines at once come from a plugin that makes up names; the memory begins anew. */
const MAX_REMEMBERED = 1_000;

/** Lets a line through once a minute per key, and counts what it held back. */
export class LogThrottle {
  readonly #lines = new Map<string, { untilMs: number; held: number }>();

  constructor(private readonly clock: Clock) {}

  /** How many like it were held back since the last one, or undefined when this one is to be held back too. */
  pass(key: string): number | undefined {
    const nowMs = this.clock.monotonicMs();
    const line = this.#lines.get(key);
    if (line && nowMs < line.untilMs) {
      line.held += 1;
      return undefined;
    }
    if (this.#lines.size >= MAX_REMEMBERED) this.#lines.clear();
    this.#lines.set(key, { untilMs: nowMs + QUIET_MS, held: 0 });
    return line?.held ?? 0;
  }
}
