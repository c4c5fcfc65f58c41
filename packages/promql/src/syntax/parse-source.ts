import type { SyntaxNode } from '@lezer/common';
import type { Place } from './expression.js';
import { failAt } from './source-text.js';
import type { Spelling } from './spell-tokens.js';
import type { Token } from './tokens.js';

/** What may be written beyond the stable language. */
export interface ParseOptions {
  /** Functions and aggregations that Prometheus has behind `--enable-feature=promql-experimental-functions`. */
  readonly experimentalFunctions?: boolean;
}

/** A text while its tree is turned into an expression: leads from the nodes of the spelled text back to the original. */
export class ParseSource {
  constructor(
    readonly text: string,
    private readonly tokens: readonly Token[],
    private readonly spelling: Spelling,
    readonly options: ParseOptions,
  ) {}

  /** The token that a node begins with, or one further on. */
  token(node: SyntaxNode, ahead = 0): Token {
    return this.at((this.spelling.tokenAt.get(node.from) ?? 0) + ahead);
  }

  lastToken(node: SyntaxNode): Token {
    return this.at(this.spelling.tokenBefore.get(node.to) ?? 0);
  }

  place(node: SyntaxNode): Place {
    return { start: this.token(node).start, end: this.lastToken(node).end };
  }

  fail(place: Place, message: string): never {
    failAt(this.text, place, message);
  }

  private at(index: number): Token {
    const token = this.tokens[index];
    // Every node of the tree is made of spelled tokens.
    if (token === undefined) throw new RangeError(`no token ${index}`);
    return token;
  }
}

/** The children of a node that stand for something, in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}
