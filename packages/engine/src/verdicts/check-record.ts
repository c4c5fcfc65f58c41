import type { Actor, CollectionDeclaration } from '@labkeeper/core';
import type { VerdictState } from './verdict-machine.js';

/** What a person decided about a check at run time. */
export interface PauseChoice {
  readonly paused: boolean;
  /** What the file said at that time. When it says something else, the choice is over. */
  readonly filePaused: boolean;
  readonly by: Actor;
  readonly atMs: number;
}

/** A check on disk. Written when something changes that people are told of, never for a run. */
export interface CheckRecord {
  readonly state: VerdictState;
  /** Of the result that changed it. */
  readonly message: string;
  readonly pause?: PauseChoice;
}

export const CHECK_STATES: CollectionDeclaration = { name: 'check_states' };

/** Last results of all checks, one record, written when the engine stops in order. */
export interface LastResults {
  readonly [id: string]: { readonly beats: string; readonly lastRunMs: number; readonly message: string };
}

export const LAST_RESULTS: CollectionDeclaration = { name: 'last_results' };
export const LAST_RESULTS_KEY = 'all';
