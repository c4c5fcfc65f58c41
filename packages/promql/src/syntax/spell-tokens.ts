import type { Token } from './tokens.js';

/**
 * Tokens in a spelling that the Lezer grammar reads as Prometheus reads the original. Prometheus decides by place whether `offset` or
 * `sum` is a word of the language or a metric, takes words in any case, and knows forms of numbers and texts that the grammar does not.
 * So every token is spelled in the plainest way of its role: names as `x`, functions as `ln`, literals as `1` and `""`.
 */
export interface Spelling {
  readonly text: string;
  /** What stands in the text for each token. */
  readonly words: readonly string[];
  /** Token by the place where its word begins. */
  readonly tokenAt: ReadonlyMap<number, number>;
  /** Token by the place behind its word. */
  readonly tokenBefore: ReadonlyMap<number, number>;
}

const NAME = 'x';
/** Refused by the grammar wherever an operand may stand. */
const MISPLACED = '=';
const MATCHING_WORDS = new Set(['on', 'ignoring', 'group_left', 'group_right']);
const GROUPING_WORDS = new Set(['by', 'without']);
/** Words that are never metrics: the grammar itself knows where they may stand. */
const STRICT_WORDS = new Set([...MATCHING_WORDS, 'bool']);
const FILL_WORDS = new Set(['fill', 'fill_left', 'fill_right']);
const AT_WORDS = new Set(['start', 'end']);

/** Spells tokens for the grammar. Linear; called once per text. */
export function spellTokens(tokens: readonly Token[]): Spelling {
  return new Speller(tokens).spell();
}

class Speller {
  private readonly words: string[] = [];
  /** For each open parenthesis the word that opened a list of labels, or nothing. */
  private readonly open: (string | undefined)[] = [];
  private isInBraces = false;
  private isInBrackets = false;
  private expectsOperand = true;

  constructor(private readonly tokens: readonly Token[]) {}

  spell(): Spelling {
    const tokenAt = new Map<number, number>();
    const tokenBefore = new Map<number, number>();
    let length = 0;
    for (const [index, token] of this.tokens.entries()) {
      const word = this.spellToken(token, index);
      this.words.push(word);
      tokenAt.set(length, index);
      tokenBefore.set(length + word.length, index);
      length += word.length + 1;
    }
    return { text: this.words.join(' '), words: this.words, tokenAt, tokenBefore };
  }

  private spellToken(token: Token, index: number): string {
    switch (token.kind) {
      case 'end':
        return '';
      case 'number':
      case 'duration':
        this.expectsOperand = false;
        return '1';
      case 'string':
        this.expectsOperand = false;
        return '""';
      case 'punctuation':
        this.follow(token.word, index);
        return token.word;
      default:
        return this.spellWord(token, index);
    }
  }

  private follow(mark: string, index: number): void {
    if (mark === '(') this.open.push(this.labelListBefore(index));
    const closed = mark === ')' ? this.open.pop() : undefined;
    if (mark === '{' || mark === '}') this.isInBraces = mark === '{';
    if (mark === '[' || mark === ']') this.isInBrackets = mark === '[';
    // Behind `on (a)` comes an operand, behind `by (a)` and a closed expression an operator.
    const isClosing = mark === ')' || mark === '}' || mark === ']';
    this.expectsOperand = isClosing ? closed !== undefined && MATCHING_WORDS.has(closed) : true;
  }

  private labelListBefore(index: number): string | undefined {
    const before = this.words[index - 1];
    if (before === undefined) return undefined;
    return MATCHING_WORDS.has(before) || GROUPING_WORDS.has(before) ? before : undefined;
  }

  private spellWord(token: Token, index: number): string {
    if (this.isInBraces || this.open.at(-1) !== undefined) return spellLabel(token);
    if (this.isInBrackets) return token.word;
    if (STRICT_WORDS.has(token.word) && token.kind === 'keyword') {
      this.expectsOperand = true;
      return token.word;
    }
    return this.expectsOperand ? this.spellOperand(token, index) : this.spellOperator(token);
  }

  private spellOperand(token: Token, index: number): string {
    const { kind, word } = token;
    if (kind === 'operator' && !isLetter(word)) return word;
    if (this.words[index - 1] === '@' && AT_WORDS.has(word)) return word;
    const following = this.tokens[index + 1]?.word;
    if (kind === 'keyword' && FILL_WORDS.has(word) && following === '(') return word;
    if (word === 'atan2') return MISPLACED;
    this.expectsOperand = false;
    if (kind === 'aggregator' && (following === '(' || GROUPING_WORDS.has(following ?? ''))) return 'sum';
    const mayBeCalled = kind === 'identifier' || kind === 'preprocessor';
    return mayBeCalled && following === '(' ? 'ln' : NAME;
  }

  private spellOperator({ kind, word }: Token): string {
    if (kind === 'operator') this.expectsOperand = true;
    return kind === 'operator' || kind === 'keyword' ? word : NAME;
  }
}

/** Every word may name a label, only a name with a colon may not. */
function spellLabel({ kind, word }: Token): string {
  if (kind === 'metric') return MISPLACED;
  return kind === 'operator' && !isLetter(word) ? word : NAME;
}

function isLetter(word: string): boolean {
  return word >= 'a';
}
