import { parseDuration } from '@labkeeper/core';
import { quoteText } from './go-quote.js';

/** A number or a duration at some place of a text, or what is wrong with it in Prometheus' words. */
export type ReadNumber =
  | { readonly value: number; readonly end: number; readonly isDuration: boolean }
  | { readonly fault: string; readonly end: number };

const HEXADECIMAL = /0[xX](?:_?[0-9a-fA-F])+/y;
const DECIMAL =
  /(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const DURATION = /[0-9]+(?:ms|[smhdwy])(?:[0-9]+(?:ms|[smhdw]))*/y;
const OCTAL = /^0(?:_?[0-7])+$/;
const WORD_CHARACTER = /[a-zA-Z0-9_]/;
const LARGEST_INTEGER = 2n ** 63n - 1n;
/** 2⁶³ nanoseconds: Prometheus keeps durations in 64 bits. */
const LONGEST_DURATION_MS = 9_223_372_036_854;

/**
 * Reads what begins with a digit, or with a point and a digit. Numbers as Prometheus has them: decimal, hexadecimal (`0x1f`), octal
 * (`017`), with `_` between digits; durations (`1h30m`) give seconds.
 */
export function readNumber(text: string, start: number): ReadNumber {
  const number = matchWhole(HEXADECIMAL, text, start) ?? matchWhole(DECIMAL, text, start);
  if (number !== undefined) return numberOf(number, start);
  const duration = matchWhole(DURATION, text, start);
  if (duration !== undefined) return durationOf(duration, start);
  const found = matchAt(DURATION, text, start) ?? matchAt(DECIMAL, text, start) ?? '';
  return { fault: `bad number or duration syntax: ${quoteText(found)}`, end: start + found.length };
}

function matchAt(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}

/** `1b` is neither a number nor a number and a name. */
function matchWhole(pattern: RegExp, text: string, start: number): string | undefined {
  const found = matchAt(pattern, text, start);
  if (found === undefined || WORD_CHARACTER.test(text[start + found.length] ?? '')) return undefined;
  return found;
}

function numberOf(written: string, start: number): ReadNumber {
  const end = start + written.length;
  const digits = written.replaceAll('_', '');
  const value = integerOf(written, digits) ?? Number(digits);
  if (Number.isFinite(value)) return { value, end, isDuration: false };
  const reason = Number.isNaN(value) ? 'invalid syntax' : 'value out of range';
  return { fault: `error parsing number: strconv.ParseFloat: parsing ${quoteText(written)}: ${reason}`, end };
}

/** Integers in another base, which are only numbers while they fit into 64 bits. */
function integerOf(written: string, digits: string): number | undefined {
  if (/^0[xX]/.test(written)) return BigInt(digits) > LARGEST_INTEGER ? Number.NaN : Number(BigInt(digits));
  if (!OCTAL.test(written)) return undefined;
  const octal = BigInt(`0o${digits.slice(1)}`);
  return octal > LARGEST_INTEGER ? undefined : Number(octal);
}

function durationOf(written: string, start: number): ReadNumber {
  const end = start + written.length;
  const totalMs = parseDuration(written);
  if (totalMs === undefined || totalMs > LONGEST_DURATION_MS) {
    const isTooLong = totalMs !== undefined || isInOrder(written);
    return {
      fault: isTooLong ? 'duration out of range' : `not a valid duration string: ${quoteText(written)}`,
      end,
    };
  }
  return { value: totalMs / 1000, end, isDuration: true };
}

/** True when only the amount can be at fault: the same units with small numbers are a duration. */
function isInOrder(written: string): boolean {
  return parseDuration(written.replaceAll(/[0-9]+/g, '1')) !== undefined;
}
