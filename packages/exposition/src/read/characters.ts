/** Bytes that mean something in the text formats. */
const TAB = 0x09;
const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
const NINE = 0x39;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const LOWER_E = 0x65;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;

export function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Index of the first byte at or behind `at` that is no blank. */
export function skipBlanks(bytes: Uint8Array, at: number, to: number): number {
  let next = at;
  while (next < to && isBlank(bytes[next])) next++;
  return next;
}

/** Index of the first blank at or behind `at`. */
export function skipWord(bytes: Uint8Array, at: number, to: number): number {
  let next = at;
  while (next < to && !isBlank(bytes[next])) next++;
  return next;
}
