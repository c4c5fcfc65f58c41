import type { Clock } from '@labkeeper/core';

/**
 * The span in which repeats are counted together. A minute is what a person reading along can wait for; a line that
 * comes once a second then costs six lines a minute instead of sixty.
 */
const WINDOW_MS = 60_000;

/** Equal lines that pass in each window before the rest is only counted. Enough to see a rhythm. */
const FREE_LINES = 5;

/**
 * Different lines watched at once. Lines beyond it are written without being counted: texts that differ each time are
 * not repeats, and must not fill the memory.
 */
const MAX_LINES = 1_000;

interface Window {
  passed: number;
  held: number;
}

/** Holds back lines that repeat quickly, and says afterwards how many there were. */
export class RepeatThrottle {
  readonly #windows = new Map<string, Window>();

  constructor(readonly clock: Clock) {}

  /**
   * True when the line is to be written. `summarize` is called once at the end of a window in which lines were held back.
   * Called once for each line.
   */
  admit(line: string, summarize: (held: number) => void): boolean {
    const window = this.#windows.get(line) ?? this.#open(line, summarize);
    if (!window) return true;
    if (window.passed < FREE_LINES) window.passed++;
    else window.held++;
    return window.held === 0;
  }

  #open(line: string, summarize: (held: number) => void): Window | undefined {
    if (this.#windows.size >= MAX_LINES) return undefined;
    const window: Window = { passed: 0, held: 0 };
    this.#windows.set(line, window);
    this.clock.setTimer(() => {
      this.#windows.delete(line);
      if (window.held > 0) summarize(window.held);
    }, WINDOW_MS);
    return window;
  }
}
