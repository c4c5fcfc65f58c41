import type { Verdict } from '@labkeeper/core';

/** A run that used this share of its time or more has run into its deadline, or into one of its own just before it. */
const NEARLY_ALL = 0.9;
/** With this share of its time lost to a standstill of this process, nobody can say whose fault it was. */
const TOO_MUCH_LOST = 0.1;

/** How a run went in time. */
export interface RunTiming {
  readonly durationMs: number;
  readonly timeoutMs: number;
  /** Part of the duration in which this process did nothing at all. */
  readonly standstillMs: number;
}

/**
 * A `down` that may be this machine's own fault becomes `unknown`: the run took nearly all the time it had, and this
 * process stood still for a good part of it. A refused connection is quick and stays what it is. Pure.
 */
export function distrust(verdict: Verdict, { durationMs, timeoutMs, standstillMs }: RunTiming): Verdict {
  const isDoubtful =
    verdict.status === 'down' &&
    durationMs >= NEARLY_ALL * timeoutMs &&
    standstillMs >= TOO_MUCH_LOST * timeoutMs;
  if (!isDoubtful) return verdict;
  const lost = `this machine was too busy for ${Math.round(standstillMs)} of ${Math.round(durationMs)} ms`;
  return { status: 'unknown', message: `${lost}, so the result is not trusted: ${verdict.message}` };
}
