import { decodeBytes, quoteCharacter } from './go-quote.js';

/** A text literal that was read, or what is wrong with it in Prometheus' words. */
export type ReadString =
  | { readonly value: string; readonly end: number }
  | { readonly fault: string; readonly end: number };

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Digits of the numbered escapes. Those of bytes make bytes, the others characters. */
const NUMBERED: Readonly<Record<string, { digits: number; makesByte: boolean }>> = {
  x: { digits: 2, makesByte: true },
  u: { digits: 4, makesByte: false },
  U: { digits: 8, makesByte: false },
};
const OCTAL_DIGITS = 3;
const LAST_CODE_POINT = 0x10ffff;

/**
 * Reads the literal whose opening quote is at `start`: `"…"` and `'…'` with Go's escapes, or a raw one in backticks.
 * Called by the token reader, and for the texts that test scripts expect.
 */
export function readString(text: string, start: number): ReadString {
  const quote = text[start] ?? '';
  if (quote !== '`') return new QuotedString(text, start, quote).read();
  const close = text.indexOf('`', start + 1);
  if (close < 0) return { fault: 'unterminated raw string', end: text.length };
  return { value: text.slice(start + 1, close), end: close + 1 };
}

class EscapeFault extends Error {}

/** One literal with escapes. Neighbouring bytes are decoded together, because they may make one character. */
class QuotedString {
  private value = '';
  private bytes: number[] = [];
  private at: number;

  constructor(
    private readonly text: string,
    start: number,
    private readonly quote: string,
  ) {
    this.at = start + 1;
  }

  read(): ReadString {
    try {
      for (;;) {
        const character = this.next();
        if (character === undefined || character === '\n') return this.fault('unterminated quoted string');
        if (character === this.quote) break;
        if (character === '\\') this.readEscape();
        else this.put(character);
      }
    } catch (error) {
      if (error instanceof EscapeFault) return this.fault(error.message);
      throw error;
    }
    this.put('');
    return { value: this.value, end: this.at };
  }

  private fault(fault: string): ReadString {
    return { fault, end: this.at };
  }

  private next(): string | undefined {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return undefined;
    const character = String.fromCodePoint(code);
    this.at += character.length;
    return character;
  }

  private put(character: string): void {
    if (this.bytes.length > 0) this.value += decodeBytes(this.bytes);
    this.bytes = [];
    this.value += character;
  }

  private readEscape(): void {
    const letter = this.next();
    if (letter === undefined) throw new EscapeFault('escape sequence not terminated');
    const simple = letter === this.quote ? letter : SIMPLE[letter];
    if (simple !== undefined) return this.put(simple);
    const numbered = NUMBERED[letter];
    if (numbered !== undefined) return this.readNumbered(numbered.digits, 16, numbered.makesByte);
    if (letter < '0' || letter > '7') throw new EscapeFault(`unknown escape sequence ${codePoint(letter)}`);
    this.at -= 1;
    this.readNumbered(OCTAL_DIGITS, 8, true);
  }

  private readNumbered(digits: number, base: number, makesByte: boolean): void {
    let code = 0;
    for (let count = 0; count < digits; count++) code = code * base + this.readDigit(base);
    const isSurrogate = code >= 0xd800 && code < 0xe000;
    if (code > (makesByte ? 0xff : LAST_CODE_POINT) || isSurrogate) {
      throw new EscapeFault('escape sequence is an invalid Unicode code point');
    }
    if (makesByte) this.bytes.push(code);
    else this.put(String.fromCodePoint(code));
  }

  private readDigit(base: number): number {
    const digit = this.next();
    if (digit === undefined) throw new EscapeFault('escape sequence not terminated');
    const value = Number.parseInt(digit, base);
    if (Number.isNaN(value))
      throw new EscapeFault(`illegal character ${codePoint(digit)} in escape sequence`);
    return value;
  }
}

/** As Go prints a character that it does not want: `U+0071 'q'`. */
function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} ${quoteCharacter(character)}`;
}
