const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))/y;
const WHOLE_NUMBER = /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/;
const DECIMAL = /^[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([\da-fA-F_]*)\.?([\da-fA-F_]*)[pP]([+-]?\d+)$/;
const INT_MIN = -(2n ** 63n);
const UINT_MAX = 2n ** 64n - 1n;

/**
 * The value of a number as Go writes them: a bigint for whole ones, a number for those with a point or an exponent, undefined for a
 * text that is none. Go specification, "Integer literals" and "Floating-point literals". Called while parsing.
 */
export function parseNumber(text: string): bigint | number | undefined {
  if (WHOLE_NUMBER.test(text)) return parseWhole(text);
  if (DECIMAL.test(text)) return finite(Number(text.replaceAll('_', '')));
  const hex = HEX_FLOAT.exec(text);
  if (!hex) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = hex;
  const digits = (whole + fraction).replaceAll('_', '');
  if (digits === '') return undefined;
  const scale = Number(exponent) - 4 * fraction.replaceAll('_', '').length;
  return finite((sign === '-' ? -1 : 1) * Number.parseInt(digits, 16) * 2 ** scale);
}

function parseWhole(text: string): bigint | undefined {
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '').toLowerCase();
  const isOldOctal = /^0[0-7]/.test(digits);
  const size = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits);
  const value = text.startsWith('-') ? -size : size;
  return value < INT_MIN || value > UINT_MAX ? undefined : value;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The value of a quoted or raw string, or undefined when an escape is wrong. Called while parsing. */
export function parseQuoted(literal: string): string | undefined {
  const content = literal.slice(1, -1);
  // Go drops carriage returns from raw strings.
  return literal.startsWith('`') ? content.replaceAll('\r', '') : unescapeText(content);
}

/** The code point of a character constant, or undefined. */
export function parseCharacter(literal: string): bigint | undefined {
  const content = unescapeText(literal.slice(1, -1));
  const code = content?.codePointAt(0);
  if (content === undefined || code === undefined) return undefined;
  return content.length === String.fromCodePoint(code).length ? BigInt(code) : undefined;
}

function unescapeText(content: string): string | undefined {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < content.length; ) {
    const next = content.indexOf('\\', offset);
    parts.push(Buffer.from(content.slice(offset, next < 0 ? undefined : next)));
    if (next < 0) break;
    ESCAPE.lastIndex = next;
    const found = ESCAPE.exec(content);
    const bytes = found && escapedBytes(found);
    if (!bytes) return undefined;
    parts.push(bytes);
    offset = ESCAPE.lastIndex;
  }
  // `\xc3\xa9` are two bytes of one character: only together they are a text.
  return Buffer.concat(parts).toString();
}

function escapedBytes([, byte, short, long, octal, simple]: RegExpExecArray): Buffer | undefined {
  if (byte !== undefined) return Buffer.from(byte, 'hex');
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8);
    return code > 255 ? undefined : Buffer.from([code]);
  }
  if (simple !== undefined) return Buffer.from(SIMPLE_ESCAPES[simple] ?? '');
  const code = Number.parseInt(short ?? long ?? '', 16);
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? Buffer.from(String.fromCodePoint(code)) : undefined;
}
