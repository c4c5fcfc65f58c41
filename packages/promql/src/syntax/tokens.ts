import type { Place } from './expression.js';

/** The kinds of Prometheus' lexer, as far as grammar and messages tell them apart. */
export type TokenKind =
  | 'aggregator'
  | 'duration'
  | 'end'
  | 'identifier'
  | 'keyword'
  | 'metric'
  | 'number'
  | 'operator'
  | 'preprocessor'
  | 'punctuation'
  | 'string';

export interface Token extends Place {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** In small letters where case does not matter, otherwise as written. */
  readonly word: string;
  /** What a literal stands for; durations in seconds. */
  readonly value?: string | number;
}

const WORDS: Readonly<Record<string, string>> = {
  operator: 'and or unless atan2',
  aggregator:
    'sum avg count min max group stddev stdvar topk bottomk count_values quantile limitk limit_ratio',
  keyword:
    'offset smoothed anchored by without on ignoring group_left group_right fill fill_left fill_right bool',
  preprocessor: 'start end step range',
};

/** Reserved words in small letters. Most of them are also names of metrics where nothing else can stand. */
export const RESERVED_WORDS: ReadonlyMap<string, TokenKind> = new Map(
  Object.entries(WORDS).flatMap(([kind, words]) =>
    words.split(' ').map((word): [string, TokenKind] => [word, kind as TokenKind]),
  ),
);

/** Numbers that are written as words, in any case. */
export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);
