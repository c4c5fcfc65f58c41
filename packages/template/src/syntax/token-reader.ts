import type { Token, TokenKind } from './token.js';

/** Walks over the tokens of a template. Behind the last one it stays on `end`. */
export class TokenReader {
  #index = 0;

  constructor(
    private readonly tokens: readonly Token[],
    /** Throws a TemplateError for that place. */
    readonly fail: (offset: number, reason: string) => never,
  ) {}

  peek(ahead = 0): Token {
    const last = this.tokens.length - 1;
    return this.tokens[Math.min(this.#index + ahead, last)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#index++;
    return token;
  }

  /** `context` is what is being read, for the error. */
  expect(kind: TokenKind, context: string): Token {
    const token = this.next();
    if (token.kind !== kind) this.unexpected(token, context);
    return token;
  }

  unexpected(token: Token, context: string): never {
    const shown = token.kind === 'end' ? 'EOF' : token.kind === 'close' ? '"}}"' : `"${token.text}"`;
    return this.fail(token.offset, `unexpected ${shown} in ${context}`);
  }
}
