import { placeAt, TemplateError } from '../template-error.js';
import type { Token, TokenKind } from './token.js';

const OPEN = '{{';
const CLOSE = '}}';
/** What Go takes for a space; also what trim markers take away. */
const SPACES = /[ \t\r\n]+/y;
const LEADING_SPACES = /^[ \t\r\n]+/;
const COMMENT_START = /\{\{(?:-[ \t\r\n])?[ \t\r\n]*\/\*/y;
const CLOSING = /(?:[ \t\r\n]-)?\}\}/y;

/** One pattern for each kind of token inside an action, in the order in which they are tried. All are linear. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['number', /[+-]?(?:0[xX][\da-fA-F_.]*(?:[pP][+-]?\d+)?|\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)/y],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\.)+'/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['comma', /,/y],
  ['pipe', /\|/y],
  ['left', /\(/y],
  ['right', /\)/y],
];

/** Behind a name only these may follow; `.Name#` is a slip, not two tokens. */
const NAME_END = /[ \t\r\n.,|:=)(]|$/y;
const NAMES: ReadonlySet<TokenKind> = new Set(['field', 'variable', 'word']);

/** Splits the text of a template into tokens. Throws TemplateError. */
export class Scanner {
  readonly #tokens: Token[] = [];
  #offset = 0;
  #trimsNext = false;

  constructor(
    private readonly name: string,
    private readonly text: string,
  ) {}

  scan(): readonly Token[] {
    while (this.#offset < this.text.length) this.#scanText();
    this.#push('end', '', this.text.length);
    return this.#tokens;
  }

  #scanText(): void {
    const start = this.#offset;
    const found = this.text.indexOf(OPEN, start);
    const end = found < 0 ? this.text.length : found;
    this.#pushText(start, end);
    this.#offset = end;
    if (found < 0) return;
    if (match(COMMENT_START, this.text, found)) this.#skipComment(found);
    else this.#scanAction(found);
  }

  #pushText(start: number, end: number): void {
    let text = this.text.slice(start, end);
    if (this.#trimsNext) text = text.replace(LEADING_SPACES, '');
    if (this.#trimsBefore(end)) text = trimEnd(text);
    this.#trimsNext = false;
    if (text !== '') this.#push('text', text, start);
  }

  /** `{{- ` with its space: `{{-3}}` is a number. */
  #trimsBefore(offset: number): boolean {
    return this.text.startsWith(`${OPEN}-`, offset) && /[ \t\r\n]/.test(this.text.charAt(offset + 3));
  }

  #skipComment(start: number): void {
    const end = this.text.indexOf('*/', start);
    if (end < 0) this.#fail(start, 'unclosed comment');
    const closing = match(CLOSING, this.text, end + 2);
    if (closing === undefined) this.#fail(start, 'comment ends before closing delimiter');
    this.#trimsNext = closing.includes('-');
    this.#offset = end + 2 + closing.length;
  }

  #scanAction(start: number): void {
    this.#push('open', OPEN, start);
    this.#offset = start + OPEN.length + (this.#trimsBefore(start) ? 1 : 0);
    for (;;) {
      const spaces = match(SPACES, this.text, this.#offset) ?? '';
      this.#offset += spaces.length;
      const trims = spaces !== '' && this.text.startsWith(`-${CLOSE}`, this.#offset);
      if (trims || this.text.startsWith(CLOSE, this.#offset)) return this.#close(trims);
      this.#scanToken(start, spaces !== '');
    }
  }

  #close(trims: boolean): void {
    this.#trimsNext = trims;
    this.#push('close', CLOSE, this.#offset);
    this.#offset += CLOSE.length + (trims ? 1 : 0);
  }

  #scanToken(start: number, isSpaced: boolean): void {
    const offset = this.#offset;
    if (offset >= this.text.length) this.#fail(start, 'unclosed action');
    for (const [kind, pattern] of PATTERNS) {
      const text = match(pattern, this.text, offset);
      if (text === undefined) continue;
      this.#offset += text.length;
      if (NAMES.has(kind)) this.#checkNameEnd();
      this.#push(kind, text, offset, isSpaced);
      return;
    }
    this.#failCharacter(offset);
  }

  #checkNameEnd(): void {
    const offset = this.#offset;
    if (this.text.startsWith(CLOSE, offset) || match(NAME_END, this.text, offset) !== undefined) return;
    this.#fail(offset, `bad character ${shownCharacter(this.text, offset)}`);
  }

  #failCharacter(offset: number): never {
    const character = this.text.charAt(offset);
    if (character === '"') this.#fail(offset, 'unterminated quoted string');
    if (character === '`') this.#fail(offset, 'unterminated raw quoted string');
    if (character === "'") this.#fail(offset, 'unterminated character constant');
    this.#fail(offset, `unrecognized character in action: ${shownCharacter(this.text, offset)}`);
  }

  #push(kind: TokenKind, text: string, offset: number, isSpaced = false): void {
    this.#tokens.push({ kind, text, offset, isSpaced });
  }

  #fail(offset: number, reason: string): never {
    throw new TemplateError(this.name, placeAt(this.text, offset), reason);
  }
}

function match(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

/** Cut by hand: `[ \t]+$` as an expression takes quadratic time on long runs of spaces. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function shownCharacter(text: string, offset: number): string {
  const code = text.codePointAt(offset) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(code)}'`;
}
