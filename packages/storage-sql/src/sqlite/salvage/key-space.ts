/** A key as text that can be compared and written into a statement: a whole number in decimals, or bytes in hex. */
export type Key = string;

/** The keys by which the rows of one table are ordered. */
export interface KeySpace {
  /** SQL of the key. */
  readonly column: string;
  /** SQL that gives the {@link Key}; NULL when what stands there cannot be a key of this table. */
  readonly shown: string;
  /** The key is compared as a part of the row, overflow pages and all. */
  readonly isPartOfRow: boolean;
  /** How often to look between damaged places of one table, at some 0.2 ms. */
  readonly guesses: number;
  literal(key: Key): string;
  isBefore(left: Key, right: Key): boolean;
  /** A key truly between two, where looking is worth it; undefined when there is none. An absent bound is the end. */
  between(after: Key | undefined, before: Key | undefined): Key | undefined;
}

/**
 * A leaf has room for a few hundred rows, so several damaged leaves are searched row by row. In damage that is larger, every
 * part of it is still tried.
 */
const ROWID_GUESSES = 4_096;

/** There is always another text between two: a search of them must end somewhere. */
const TEXT_GUESSES = 1_024;

const FIRST_ROWID = -(2n ** 63n);
const LAST_ROWID = 2n ** 63n - 1n;

/** Rowids, under the alias that no column of the table hides. */
export function rowidSpace(alias: string): KeySpace {
  return {
    column: alias,
    shown: `CAST(${alias} AS TEXT)`,
    isPartOfRow: false,
    guesses: ROWID_GUESSES,
    literal: (key) => key,
    isBefore: (left, right) => BigInt(left) < BigInt(right),
    between: (after, before) => {
      const low = after === undefined ? FIRST_ROWID : BigInt(after);
      const high = before === undefined ? LAST_ROWID : BigInt(before);
      return high - low < 2n ? undefined : String(rowidBetween(low, high));
    },
  };
}

/** Rowids mostly count from 1: in the dark the next guess is so many times the last one, not half the way to the end. */
function rowidBetween(low: bigint, high: bigint): bigint {
  if (low < 0n && high > 0n) return 0n;
  if (low >= 0n && high > (low + 1n) * 4n) return 1n << BigInt((bitsOf(low) + bitsOf(high)) >> 1);
  return (low + high) >> 1n;
}

function bitsOf(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** Bytes behind the common beginning of two texts that are told apart. */
const TOLD_APART_BYTES = 6;

/** Texts in UTF-8, in the order of their bytes. */
export function textSpace(column: string): KeySpace {
  return {
    column,
    shown: `CASE typeof(${column}) WHEN 'text' THEN hex(${column}) END`,
    isPartOfRow: true,
    guesses: TEXT_GUESSES,
    literal: (key) => `CAST(x'${key}' AS TEXT)`,
    isBefore: (left, right) => left < right,
    between: (after = '', before = 'FF') => {
      const digits = commonBeginning(after, before) + TOLD_APART_BYTES * 2;
      const [low, high] = [after, before].map((key) =>
        BigInt(`0x0${key.slice(0, digits).padEnd(digits, '0')}`),
      );
      const middle = ((low ?? 0n) + (high ?? 0n)) >> 1n;
      if (middle === low) return undefined;
      return middle
        .toString(16)
        .toUpperCase()
        .padStart(digits, '0')
        .replace(/(00)+$/, '');
    },
  };
}

/** An even number of hex digits. */
function commonBeginning(left: string, right: string): number {
  let digits = 0;
  while (digits < left.length && left.slice(digits, digits + 2) === right.slice(digits, digits + 2))
    digits += 2;
  return digits;
}
