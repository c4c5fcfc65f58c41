/** What the scanner tells apart. Spaces are no tokens: whether one stood before is a property. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'word'
  | 'field'
  | 'variable'
  | 'dot'
  | 'number'
  | 'char'
  | 'string'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'pipe'
  | 'left'
  | 'right'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written, for texts with the trimmed spaces taken off. */
  readonly text: string;
  readonly offset: number;
  /** A space stood before it. `.A .B` are two operands, `.A.B` is one. */
  readonly isSpaced: boolean;
}
