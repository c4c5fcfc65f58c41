import type { Place } from './expression.js';
import { quoteCharacter } from './go-quote.js';
import { readNumber } from './read-number.js';
import { readString } from './read-string.js';
import { NUMBER_WORDS, RESERVED_WORDS, type Token, type TokenKind } from './tokens.js';

/** Tokens of a text, the last one being its end, or where and why reading stopped. */
export interface ReadTokens {
  readonly tokens: readonly Token[];
  readonly fault?: { readonly message: string; readonly place: Place };
}

const BLANK = /(?:[ \t\r\n]|#[^\r\n]*)+/y;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const LETTERS = /[a-zA-Z_]+/y;
const OPERATOR = /==|!=|<=|>=|[-+*/%^<>@]/y;
const LABEL_OPERATOR = /=~|!~|!=/y;
const BEGINS_NUMBER = /[0-9]|\.[0-9]/y;
const DURATION_WORDS = new Set(['step', 'range', 'min_of', 'max_of']);

/**
 * Cuts a text into the tokens of Prometheus' lexer, comments left out. What it refuses, this refuses with the same words; a fault
 * counts only if the grammar is content with everything before it. Linear in the length of the text.
 */
export function readTokens(text: string): ReadTokens {
  return new TokenReader(text).read();
}

class LexicalFault extends Error {
  constructor(
    message: string,
    readonly start: number,
  ) {
    super(message);
  }
}

class TokenReader {
  private readonly tokens: Token[] = [];
  private at = 0;
  private parentheses = 0;
  private isInBraces = false;
  private isInBrackets = false;
  /** Of the open brackets. */
  private gotDuration = false;
  private gotColon = false;

  constructor(private readonly text: string) {}

  read(): ReadTokens {
    try {
      while (this.readNext());
    } catch (error) {
      if (!(error instanceof LexicalFault)) throw error;
      return {
        tokens: this.tokens,
        fault: { message: error.message, place: { start: error.start, end: this.text.length } },
      };
    }
    return { tokens: this.tokens };
  }

  private readNext(): boolean {
    this.at += this.match(BLANK)?.length ?? 0;
    if (this.at >= this.text.length) {
      this.readEnd();
      return false;
    }
    if (this.isInBraces) this.readInBraces();
    else if (this.isInBrackets) this.readInBrackets();
    else this.readOutside();
    return true;
  }

  private readEnd(): void {
    if (this.isInBraces) this.fail('unexpected end of input inside braces');
    if (this.isInBrackets && !this.gotDuration) this.fail('unexpected end of input in duration expression');
    if (this.parentheses > 0) this.fail('unclosed left parenthesis');
    if (this.isInBrackets) this.fail('unclosed left bracket');
    this.push('end', '');
  }

  private readOutside(): void {
    const character = this.character();
    if (this.match(BEGINS_NUMBER) !== undefined) return this.readNumberToken();
    if (isQuote(character)) return this.readStringToken();
    const name = this.match(NAME);
    if (name !== undefined) return this.pushName(name);
    const operator = this.match(OPERATOR);
    if (operator !== undefined) return this.push('operator', operator);
    this.readPunctuation(character);
  }

  private readPunctuation(character: string): void {
    switch (character) {
      case ',':
        return this.push('punctuation', character);
      case '(':
      case ')':
        return this.readParenthesis(character);
      case '{':
        this.isInBraces = true;
        return this.push('punctuation', character);
      case '[':
        this.isInBrackets = true;
        this.gotDuration = false;
        this.gotColon = false;
        return this.push('punctuation', character);
      case ']':
        return this.fail(`unexpected right bracket ']'`);
      case '=':
        return this.readEqualSign();
      case '!':
        return this.fail(`unexpected character after '!': ${quoteCharacter(this.character(1))}`);
      default:
        return this.fail(`unexpected character: ${quoteCharacter(character)}`);
    }
  }

  /** A single one is only right in braces: the grammar refuses it, by its name. */
  private readEqualSign(): void {
    if (this.text[this.at + 1] === '~') this.fail(`unexpected character after '=': '~'`);
    this.push('punctuation', '=');
  }

  private readParenthesis(character: string): void {
    this.parentheses += character === '(' ? 1 : -1;
    if (this.parentheses < 0) {
      // Prometheus names the place behind it.
      this.at += 1;
      this.fail(`unexpected right parenthesis ')'`);
    }
    this.push('punctuation', character);
  }

  private readInBraces(): void {
    const character = this.character();
    if (isQuote(character)) return this.readStringToken();
    const label = this.match(LABEL);
    if (label !== undefined) return this.push('identifier', label);
    const operator = this.match(LABEL_OPERATOR);
    if (operator !== undefined) return this.push('operator', operator);
    if (character === '=' || character === ',') return this.push('punctuation', character);
    if (character === '}') {
      this.isInBraces = false;
      return this.push('punctuation', character);
    }
    if (character === '{') this.fail(`unexpected left brace '{'`);
    if (character !== '!') this.fail(`unexpected character inside braces: ${quoteCharacter(character)}`);
    this.fail(`unexpected character after '!' inside braces: ${quoteCharacter(this.character(1))}`);
  }

  private readInBrackets(): void {
    const character = this.character();
    if (this.match(BEGINS_NUMBER) !== undefined) {
      this.readNumberToken();
      this.gotDuration = true;
      return;
    }
    if (character === ']') {
      this.isInBrackets = false;
      return this.push('punctuation', character);
    }
    if (character === ':') return this.readColon();
    if (character === '(' || character === ')') return this.readParenthesis(character);
    if (character === ',') return this.push('punctuation', character);
    if ('+-*/%^'.includes(character)) return this.push('operator', character);
    this.readWordInBrackets(character);
  }

  private readWordInBrackets(character: string): void {
    const word = this.match(LETTERS);
    if (word !== undefined && DURATION_WORDS.has(word.toLowerCase())) {
      // The experimental words of durations count as one: what is wrong with them is said later.
      this.gotDuration = true;
      return this.push('preprocessor', word);
    }
    if (!this.gotDuration)
      this.fail(`unexpected character in duration expression: ${quoteCharacter(character)}`);
    if (character === '[') this.fail(`unexpected left bracket '['`);
    const expected = word === undefined ? '' : `, expected ':'`;
    this.fail(`unexpected character: ${quoteCharacter(character)}${expected}`);
  }

  private readColon(): void {
    if (!this.gotDuration) this.fail('unexpected colon before duration in duration expression');
    if (this.gotColon) this.fail(`unexpected colon ':'`);
    this.gotColon = true;
    this.push('punctuation', ':');
  }

  private pushName(name: string): void {
    const word = name.toLowerCase();
    const number = NUMBER_WORDS.get(word);
    if (number !== undefined) return this.push('number', name, number);
    const reserved = RESERVED_WORDS.get(word);
    if (reserved !== undefined) return this.push(reserved, name);
    this.push(name.includes(':') ? 'metric' : 'identifier', name);
  }

  private readNumberToken(): void {
    const read = readNumber(this.text, this.at);
    if ('fault' in read) this.fail(read.fault);
    this.push(read.isDuration ? 'duration' : 'number', this.text.slice(this.at, read.end), read.value);
  }

  private readStringToken(): void {
    const read = readString(this.text, this.at);
    if ('fault' in read) this.fail(read.fault);
    this.push('string', this.text.slice(this.at, read.end), read.value);
  }

  private push(kind: TokenKind, text: string, value?: string | number): void {
    const isNamed = kind === 'identifier' || kind === 'metric';
    const word = isNamed ? text : text.toLowerCase();
    this.tokens.push({ kind, text, word, start: this.at, end: this.at + text.length, value });
    this.at += text.length;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private character(ahead: 0): string;
  private character(ahead?: number): string;
  private character(ahead = 0): string {
    const code = this.text.codePointAt(this.at + ahead);
    return code === undefined ? '\ufffd' : String.fromCodePoint(code);
  }

  private fail(message: string): never {
    throw new LexicalFault(message, this.at);
  }
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'" || character === '`';
}
