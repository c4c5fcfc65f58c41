const NAMED: Readonly<Record<string, string>> = {
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
const PRINTABLE_ASCII = /^[ -~]$/;

/** A text in Go's notation for it (`%q`), in `quote` marks; `asciiOnly` escapes everything else. */
export function quoteText(text: string, quote: '"' | "'" = '"', asciiOnly = false): string {
  let quoted = quote;
  for (const character of text) quoted += quotedCharacter(character, quote, asciiOnly);
  return quoted + quote;
}

function quotedCharacter(character: string, quote: string, asciiOnly: boolean): string {
  if (character === quote) return `\\${quote}`;
  const named = NAMED[character];
  if (named !== undefined) return named;
  if ((asciiOnly ? PRINTABLE_ASCII : PRINTABLE).test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
