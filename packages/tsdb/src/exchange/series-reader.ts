import type { Series } from '@labkeeper/core';
import { BACKSLASH, CLOSE, isBlank, OPEN, QUOTE, skipBlanks } from './characters.js';
import { parseSeries } from './parse-series.js';

/** Memory for series that are remembered: some hundred thousand of them. Above it all are forgotten and read anew. */
const REMEMBERED_BYTES = 67_108_864;
/** What a series takes besides its text, roughly. */
const SERIES_BYTES = 400;

/** A series and the bytes it was read from. */
interface KnownSeries {
  readonly text: Uint8Array;
  readonly series: Series;
  /** What came behind it the last time. */
  next: KnownSeries | undefined;
}

/**
 * Finds the series at the beginning of a line. Texts that came before are not read again. Two guesses are nearly always
 * right, and comparing bytes is quicker than asking a map: exports have the series of the line before, scrapes that
 * stand one behind the other have the series that came next the last time.
 */
export class SeriesReader {
  /** Index behind the text of the series that was read last. */
  end = 0;
  readonly #known = new Map<string, KnownSeries>();
  #knownBytes = 0;
  #last: KnownSeries | undefined;

  /** Throws a LineFault. */
  read(bytes: Buffer, from: number, to: number): Series {
    const last = this.#last;
    const found =
      guessed(last, bytes, from, to) ?? guessed(last?.next, bytes, from, to) ?? this.#find(bytes, from, to);
    this.end = from + found.text.length;
    if (found !== last) {
      if (last) last.next = found;
      this.#last = found;
    }
    return found.series;
  }

  #find(bytes: Buffer, from: number, to: number): KnownSeries {
    const end = seriesEnd(bytes, from, to);
    // One character per byte: a key that is made quickly, and another for any other bytes.
    const key = bytes.toString('latin1', from, end);
    const known = this.#known.get(key);
    if (known) return known;
    const series = parseSeries(bytes, from, end);
    const found = { text: new Uint8Array(bytes.subarray(from, end)), series, next: undefined };
    this.#remember(key, found);
    return found;
  }

  #remember(key: string, found: KnownSeries): void {
    this.#knownBytes += key.length * 2 + SERIES_BYTES;
    if (this.#knownBytes > REMEMBERED_BYTES) {
      this.#known.clear();
      this.#knownBytes = 0;
    }
    this.#known.set(key, found);
  }
}

/** The guess, if the line begins with it. */
function guessed(
  guess: KnownSeries | undefined,
  bytes: Uint8Array,
  from: number,
  to: number,
): KnownSeries | undefined {
  if (!guess) return undefined;
  const { text } = guess;
  const end = from + text.length;
  if (end >= to) return undefined;
  for (let index = 0; index < text.length; index++) if (bytes[from + index] !== text[index]) return undefined;
  // `a` is also the beginning of `ab`, of `a{…}` and of `a {…}`.
  return isBlank(bytes[end]) && bytes[skipBlanks(bytes, end, to)] !== OPEN ? guess : undefined;
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
