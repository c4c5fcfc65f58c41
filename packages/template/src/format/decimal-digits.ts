const cell = new DataView(new ArrayBuffer(8));
const FRACTION_BITS = 52n;
const EXPONENT_BIAS = 1075n;

/** `value` as a quotient of whole numbers. A float64 is one exactly, so rounding it by hand rounds right. */
function asQuotient(value: number): { numerator: bigint; denominator: bigint } {
  cell.setFloat64(0, value);
  const bits = cell.getBigUint64(0);
  const biased = (bits >> FRACTION_BITS) & 0x7ffn;
  const fraction = bits & ((1n << FRACTION_BITS) - 1n);
  const mantissa = biased === 0n ? fraction : fraction | (1n << FRACTION_BITS);
  const exponent = (biased === 0n ? 1n : biased) - EXPONENT_BIAS;
  return exponent >= 0n
    ? { numerator: mantissa << exponent, denominator: 1n }
    : { numerator: mantissa, denominator: 1n << -exponent };
}

/**
 * `|value| × 10^places`, rounded half to even, as Go's strconv does. Number.prototype.toFixed rounds halves up and gives up at
 * 10^21, so it cannot stand in: `printf "%.0f" 2.5` is 2.
 */
export function scaledDigits(value: number, places: number): bigint {
  const { numerator, denominator } = asQuotient(Math.abs(value));
  const scale = 10n ** BigInt(Math.abs(places));
  return places >= 0
    ? divideHalfEven(numerator * scale, denominator)
    : divideHalfEven(numerator, denominator * scale);
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const roundsUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return roundsUp ? quotient + 1n : quotient;
}

/** Decimal digits without the point, and the power of ten of the first one: 12.5 is `125`, 1. */
export interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** The fewest digits that read back as the same float64. `value` is finite. */
export function shortestDigits(value: number): Digits {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** Exactly so many significant digits. `value` is finite. */
export function roundedDigits(value: number, count: number): Digits {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  // The shortest digits may have been rounded up to the next power of ten; then the number itself lies below it.
  const highest = shortestDigits(value).exponent;
  for (const exponent of [highest - 1, highest]) {
    const digits = scaledDigits(value, count - 1 - exponent).toString();
    if (digits.length === count) return { digits, exponent };
  }
  // Rounding itself reached it: 9.99 with two digits is 10.
  return { digits: '1'.padEnd(count, '0'), exponent: highest + 1 };
}
