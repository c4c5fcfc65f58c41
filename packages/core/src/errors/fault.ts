import type { ErrorCode } from './table.js';

/** A place in a text file; line and column begin at 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One thing wrong with a configuration. All faults of a run are collected and shown together.
 * A plugin's `validate` returns them with a `path` inside its own options; the host adds the position.
 */
export interface Fault {
  readonly code: ErrorCode;
  /** Keys and list indexes from the top of the file (or of the plugin's options) to the value. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly found?: string;
  readonly allowed?: string;
  /** The closest allowed name, when one is close. */
  readonly nearest?: string;
  readonly position?: Position;
}
