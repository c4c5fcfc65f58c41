import type { Clock, VerdictStatus } from '@labkeeper/core';
import { Lateness } from './lateness.js';

/** What is counted of the runs of one contribution, such as `http`. */
export interface RunCounts {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly unknown: number;
  readonly collected: number;
  readonly failed: number;
  readonly timedOut: number;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Counts runs. One object per contribution is kept by its runners, so that counting is an addition and no search. */
export class RunRecorder {
  readonly lateness: Lateness;
  readonly #checks = new Map<string, Mutable<RunCounts>>();
  readonly #collectors = new Map<string, Mutable<RunCounts>>();

  constructor(clock: Clock) {
    this.lateness = new Lateness(clock);
  }

  /** The counts of a check contribution; {@link RunCounts} to add to. */
  ofCheck(name: string): Mutable<RunCounts> {
    return countsOf(this.#checks, name);
  }

  ofCollector(name: string): Mutable<RunCounts> {
    return countsOf(this.#collectors, name);
  }

  checks(): ReadonlyMap<string, RunCounts> {
    return this.#checks;
  }

  collectors(): ReadonlyMap<string, RunCounts> {
    return this.#collectors;
  }
}

export type RunTally = Mutable<RunCounts>;

function countsOf(map: Map<string, Mutable<RunCounts>>, name: string): Mutable<RunCounts> {
  const known = map.get(name);
  if (known) return known;
  const fresh = {
    up: 0,
    degraded: 0,
    down: 0,
    unknown: 0,
    collected: 0,
    failed: 0,
    timedOut: 0,
  } satisfies Record<VerdictStatus | 'collected' | 'failed' | 'timedOut', number>;
  map.set(name, fresh);
  return fresh;
}
