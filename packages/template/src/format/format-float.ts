import { type Digits, roundedDigits, scaledDigits, shortestDigits } from './decimal-digits.js';

export type FloatVerb = 'e' | 'f' | 'g';

/** From this power of ten on `%g` writes an exponent when no precision is given: a million is `1e+06`. */
const SHORTEST_PRECISION = 6;
const SMALLEST_EXPONENT = -4;

/**
 * A number as Go's `strconv.FormatFloat` writes it. `precision` undefined: as few digits as tell the number apart from its neighbours.
 * Infinities are `+Inf` and `-Inf`.
 */
export function formatFloat(value: number, verb: FloatVerb, precision?: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatSize(value, verb, precision);
}

function formatSize(value: number, verb: FloatVerb, precision: number | undefined): string {
  if (verb === 'f') return precision === undefined ? plain(shortestDigits(value)) : fixed(value, precision);
  if (verb === 'e')
    return exponential(precision === undefined ? shortestDigits(value) : roundedDigits(value, precision + 1));
  return general(value, precision);
}

function fixed(value: number, places: number): string {
  const digits = scaledDigits(value, places)
    .toString()
    .padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The shorter of both forms, trailing zeros dropped. */
function general(value: number, precision: number | undefined): string {
  const count = precision === 0 ? 1 : precision;
  const digits =
    count === undefined ? shortestDigits(value) : withoutTrailingZeros(roundedDigits(value, count));
  const limit = count ?? SHORTEST_PRECISION;
  const needsExponent = digits.exponent < SMALLEST_EXPONENT || digits.exponent >= limit;
  return needsExponent ? exponential(digits) : plain(digits);
}

function withoutTrailingZeros({ digits, exponent }: Digits): Digits {
  return { digits: digits.replace(/(?<=.)0+$/, ''), exponent };
}

function exponential({ digits, exponent }: Digits): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
}

function plain({ digits, exponent }: Digits): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
