/** One directive of a format: `%-8.3f`. */
export interface FormatSpec {
  readonly verb: string;
  /** Any of `+`, `-`, `#`, space, `0`. */
  readonly flags: ReadonlySet<string>;
  readonly width?: number;
  readonly precision?: number;
}

/** Go pads by characters, not by bytes or UTF-16 units. */
export function pad(text: string, { flags, width }: FormatSpec): string {
  const missing = (width ?? 0) - characterCount(text);
  if (missing <= 0) return text;
  if (flags.has('-')) return text + ' '.repeat(missing);
  return (flags.has('0') ? '0' : ' ').repeat(missing) + text;
}

/** A number with its sign: zeros go between the sign and the digits. */
export function padNumber(sign: string, digits: string, spec: FormatSpec): string {
  if (!spec.flags.has('0') || spec.flags.has('-')) return pad(sign + digits, spec);
  const missing = (spec.width ?? 0) - characterCount(sign + digits);
  return sign + '0'.repeat(Math.max(0, missing)) + digits;
}

/** The sign to write: numbers that are not negative have one only when a flag asks for it. */
export function signOf(isNegative: boolean, flags: ReadonlySet<string>): string {
  if (isNegative) return '-';
  return flags.has('+') ? '+' : flags.has(' ') ? ' ' : '';
}

function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
