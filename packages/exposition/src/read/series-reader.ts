import type { Series } from '@labkeeper/core';
import { BACKSLASH, CLOSE, isBlank, OPEN, QUOTE, skipBlanks } from './characters.js';
import { type AcceptedNames, parseSeries } from './parse-series.js';

/** Memory for series that are remembered: some hundred thousand of them. Above it all are forgotten and read anew. */
const REMEMBERED_BYTES = 67_108_864;
/** What a series takes besides its text, roughly. */
const SERIES_BYTES = 400;

/** What is remembered of a text. */
interface KnownText<Known> {
  readonly text: Uint8Array;
  readonly known: Known;
  /** What came behind it the last time. */
  next: KnownText<Known> | undefined;
}

/** How texts become what is remembered. */
export interface SeriesReaderSetup<Known> {
  readonly names: AcceptedNames;
  /** Called once for each new text, with what it says. What it throws ends the reading. */
  make(series: Series): Known;
}

/**
 * Finds the series at the beginning of a line. Texts that came before are not read again. Two guesses are nearly always
 * right, and comparing bytes is quicker than asking a map: exports have the series of the line before, scrapes that
 * stand one behind the other have the series that came next the last time.
 */
export class SeriesReader<Known> {
  /** Index behind the text of the series that was read last. */
  end = 0;
  readonly #known = new Map<string, KnownText<Known>>();
  readonly #setup: SeriesReaderSetup<Known>;
  #knownBytes = 0;
  #last: KnownText<Known> | undefined;

  constructor(setup: SeriesReaderSetup<Known>) {
    this.#setup = setup;
  }

  /** Throws a LineFault, and what `make` throws. */
  read(bytes: Buffer, from: number, to: number): Known {
    const last = this.#last;
    const found =
      guessed(last, bytes, from, to) ?? guessed(last?.next, bytes, from, to) ?? this.#find(bytes, from, to);
    this.end = from + found.text.length;
    if (found !== last) {
      if (last) last.next = found;
      this.#last = found;
    }
    return found.known;
  }

  /** Remembers nothing any more. */
  forget(): void {
    this.#known.clear();
    this.#knownBytes = 0;
    this.#last = undefined;
  }

  #find(bytes: Buffer, from: number, to: number): KnownText<Known> {
    const end = seriesEnd(bytes, from, to);
    // One character per byte: a key that is made quickly, and another for any other bytes.
    const key = bytes.toString('latin1', from, end);
    const before = this.#known.get(key);
    if (before) return before;
    const known = this.#setup.make(parseSeries(bytes, { from, to: end }, this.#setup.names));
    const found = { text: new Uint8Array(bytes.subarray(from, end)), known, next: undefined };
    this.#remember(key, found);
    return found;
  }

  #remember(key: string, found: KnownText<Known>): void {
    this.#knownBytes += key.length * 2 + SERIES_BYTES;
    if (this.#knownBytes > REMEMBERED_BYTES) this.forget();
    this.#known.set(key, found);
  }
}

/** The guess, if the line begins with it. */
function guessed<Known>(
  guess: KnownText<Known> | undefined,
  bytes: Uint8Array,
  from: number,
  to: number,
): KnownText<Known> | undefined {
  if (!guess) return undefined;
  const { text } = guess;
  const end = from + text.length;
  if (end >= to || !isBlank(bytes[end])) return undefined;
  // Backwards: series that stand side by side begin alike and differ near their end.
  for (let index = text.length - 1; index >= 0; index--)
    if (bytes[from + index] !== text[index]) return undefined;
  // `a` is also the beginning of `a {…}`.
  return bytes[skipBlanks(bytes, end, to)] === OPEN ? undefined : guess;
}

/** Where the text of a series ends, right or wrong: behind its closing brace, or before the blank behind its name. */
function seriesEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== OPEN && !isBlank(bytes[at])) at++;
  const open = skipBlanks(bytes, at, to);
  return bytes[open] === OPEN && open < to ? labelsEnd(bytes, open, to) : at;
}

function labelsEnd(bytes: Uint8Array, from: number, to: number): number {
  let isQuoted = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === BACKSLASH) at++;
    else if (byte === CLOSE && !isQuoted) return at + 1;
  }
  return to;
}
