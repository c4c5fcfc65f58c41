import { isDigit, LOWER_E, MINUS, PLUS, POINT, ZERO } from './characters.js';
import { LineFault } from './line-fault.js';

/** Powers of ten that a double holds exactly. Whole number through power is then rounded once, hence exact. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ...['inf', '+inf', 'infinity', '+infinity'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-inf', '-infinity'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** Reads values and timestamps out of bytes; only unusual ones become a text first. All throw a {@link LineFault}. */
export class NumberReader {
  #isNegative = false;
  /** The digits as one whole number, exact while it is a safe integer. */
  #digits = 0;
  /** How many of the digits stand behind the point. */
  #places = 0;
  #hasExponent = false;

  /** A decimal, or one of the words for what is no number. */
  value(bytes: Buffer, from: number, to: number): number {
    if (!this.#scan(bytes, from, to)) {
      const word = WORDS.get(bytes.toString('latin1', from, to).toLowerCase());
      if (word === undefined) throw new LineFault(from, 'this value is not a number');
      return word;
    }
    if (!this.#isShort) return Number(bytes.toString('latin1', from, to));
    return this.#signed(this.#digits / (POWERS[this.#places] as number));
  }

  /** Milliseconds out of seconds; what is finer is rounded. */
  secondsAsMs(bytes: Buffer, from: number, to: number): number {
    if (!this.#scan(bytes, from, to)) throw new LineFault(from, 'this timestamp is not a number of seconds');
    if (!this.#isShort) return this.#time(Math.abs(Number(bytes.toString('latin1', from, to))) * 1_000, from);
    const finer = this.#places - 3;
    const ms =
      finer > 0 ? this.#digits / (POWERS[finer] as number) : this.#digits * (POWERS[-finer] as number);
    return this.#time(ms, from);
  }

  /** Whole milliseconds. */
  milliseconds(bytes: Buffer, from: number, to: number): number {
    if (!this.#scan(bytes, from, to) || this.#places > 0 || this.#hasExponent)
      throw new LineFault(from, 'this timestamp is not a whole number of milliseconds');
    return this.#time(this.#digits, from);
  }

  #time(distanceMs: number, from: number): number {
    const timeMs = Math.round(distanceMs);
    if (!Number.isSafeInteger(timeMs)) throw new LineFault(from, 'this timestamp is too far away');
    // A time has no negative zero.
    return this.#signed(timeMs) + 0;
  }

  #signed(magnitude: number): number {
    return this.#isNegative ? -magnitude : magnitude;
  }

  get #isShort(): boolean {
    return !this.#hasExponent && this.#digits <= Number.MAX_SAFE_INTEGER && this.#places < POWERS.length;
  }

  /** False when the bytes are not a decimal as a whole. */
  #scan(bytes: Uint8Array, from: number, to: number): boolean {
    const first = bytes[from];
    this.#isNegative = first === MINUS;
    const start = first === MINUS || first === PLUS ? from + 1 : from;
    const end = this.#scanDigits(bytes, start, to);
    const hasDigits = end - start > (this.#places > 0 || bytes[end - 1] === POINT ? 1 : 0);
    this.#hasExponent = end < to;
    return hasDigits && (end === to || isExponent(bytes, end, to));
  }

  /** Digits with at most one point among them; returns where they end. */
  #scanDigits(bytes: Uint8Array, from: number, to: number): number {
    let [at, digits, pointAt] = [from, 0, -1];
    for (; at < to; at++) {
      const byte = bytes[at] as number;
      if (byte === POINT && pointAt < 0) pointAt = at;
      else if (isDigit(byte)) digits = digits * 10 + (byte - ZERO);
      else break;
    }
    this.#digits = digits;
    this.#places = pointAt < 0 ? 0 : at - pointAt - 1;
    return at;
  }
}

function isExponent(bytes: Uint8Array, from: number, to: number): boolean {
  // The bit that tells a small letter from a capital.
  if (((bytes[from] as number) | 0x20) !== LOWER_E) return false;
  let at = from + 1;
  if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
  const start = at;
  while (at < to && isDigit(bytes[at])) at++;
  return at === to && at > start;
}
