import type { Actor } from '@labkeeper/core';
import type { ListPage, PageRequest } from '../paging.js';
import type { CheckFilter, CheckStatus } from './check-status.js';

/** How many checks there are of each status. A paused one counts as nothing else. */
export interface CheckCounts {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly unknown: number;
  readonly paused: number;
}

/** All checks of the plan: what they say, and what a person may do with them. Reading waits for nothing. */
export interface Checks {
  /** Sorted by id. */
  list(filter?: CheckFilter, page?: PageRequest): ListPage<CheckStatus>;
  get(id: string): CheckStatus | undefined;
  counts(): CheckCounts;
  /**
   * Runs a check as soon as there is room and resolves when its result counts everywhere. A paused one runs this once.
   * Rejects with TASK_UNKNOWN.
   */
  runNow(id: string): Promise<CheckStatus>;
  /** No further runs until somebody resumes it, also after a restart. Its open alert is resolved. Rejects with TASK_UNKNOWN. */
  pause(id: string, by: Actor): Promise<CheckStatus>;
  /** Undoes a pause, whether a person made it or the file. Rejects with TASK_UNKNOWN. */
  resume(id: string, by: Actor): Promise<CheckStatus>;
}
