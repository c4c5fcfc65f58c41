/** Escapes that have a letter in Go, and so in Prometheus' messages. */
const LETTERS: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const FIRST_LONE_BYTE = 0xdc80;
const LAST_LONE_BYTE = 0xdcff;

/**
 * A text in double quotes with Go's escapes (`%q`), as Prometheus prints label values and writes texts in its messages. Lone surrogates
 * that stand for bytes (see {@link decodeBytes}) are printed as those bytes.
 */
export function quoteText(text: string): string {
  return `"${[...text].map((character) => (character === '"' ? '\\"' : escapeCharacter(character))).join('')}"`;
}

/** One character in single quotes, as Go prints runes. The end of the text is printed as the replacement character. */
export function quoteCharacter(character: string | undefined): string {
  if (character === undefined) return "'\ufffd'";
  return `'${character === "'" ? "\\'" : escapeCharacter(character)}'`;
}

function escapeCharacter(character: string): string {
  const letter = LETTERS[character];
  if (letter !== undefined) return letter;
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  if (code >= FIRST_LONE_BYTE && code <= LAST_LONE_BYTE) return `\\x${hex(code - 0xdc00, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text of bytes that were written as `\xc3\xa4`. PromQL texts may hold bytes that are no UTF-8; those become lone surrogates
 * U+DC80 … U+DCFF, so that they stay different from each other and are no valid label name anywhere.
 */
export function decodeBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const { character, length } = decodeOne(bytes, at);
    text += character;
    at += length;
  }
  return text;
}

function decodeOne(bytes: readonly number[], at: number): { character: string; length: number } {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      return { character: strictDecoder.decode(Uint8Array.from(bytes.slice(at, at + length))), length };
    } catch {
      // Not a whole character yet, or never one.
    }
  }
  return { character: String.fromCharCode(0xdc00 + (bytes[at] ?? 0)), length: 1 };
}
