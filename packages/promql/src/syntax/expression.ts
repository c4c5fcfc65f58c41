import type { Matcher } from '@labkeeper/core';

/** What an expression gives: a number, a text, a value for each series at one time, or samples of each series. */
export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

/** Place in the text, in UTF-16 offsets; `end` is the first character behind it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A parsed and type-checked expression. Plain data; nodes are never shared or changed. */
export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | BinaryExpression
  | UnaryExpression
  | Parenthesis;

export interface NumberLiteral extends Place {
  readonly kind: 'number';
  readonly type: 'scalar';
  readonly value: number;
  /** Written as a duration, such as `5m`; printed that way again. */
  readonly isDuration: boolean;
}

export interface StringLiteral extends Place {
  readonly kind: 'string';
  readonly type: 'string';
  readonly value: string;
}

/** `@ 1609746000`, `@ start()`, `@ end()`. The time in milliseconds. */
export type AtModifier =
  | { readonly kind: 'time'; readonly timeMs: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

export interface VectorSelector extends Place {
  readonly kind: 'selector';
  readonly type: 'vector';
  /** As written before the braces, if it was; then also among the matchers. */
  readonly name?: string;
  /** All conditions, `__name__` included, in the order in which they were written; the name comes last, as Prometheus has it. */
  readonly matchers: readonly Matcher[];
  /** 0 without `offset`; negative looks ahead. */
  readonly offsetMs: number;
  readonly at?: AtModifier;
}

export interface MatrixSelector extends Place {
  readonly kind: 'matrix';
  readonly type: 'matrix';
  /** Holds `offset` and `@` too. */
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Subquery extends Place {
  readonly kind: 'subquery';
  readonly type: 'matrix';
  readonly expression: Expression;
  readonly rangeMs: number;
  /** Absent: the default resolution of whoever evaluates. */
  readonly stepMs?: number;
  readonly offsetMs: number;
  readonly at?: AtModifier;
}

export interface Call extends Place {
  readonly kind: 'call';
  readonly type: ValueType;
  /** Name of a function in the table of functions. */
  readonly function: string;
  readonly arguments: readonly Expression[];
}

export type AggregationOperator =
  | 'avg'
  | 'bottomk'
  | 'count'
  | 'count_values'
  | 'group'
  | 'limit_ratio'
  | 'limitk'
  | 'max'
  | 'min'
  | 'quantile'
  | 'stddev'
  | 'stdvar'
  | 'sum'
  | 'topk';

export interface Aggregation extends Place {
  readonly kind: 'aggregation';
  readonly type: 'vector';
  readonly operator: AggregationOperator;
  readonly expression: Expression;
  /** Of topk, bottomk, quantile, count_values, limitk, limit_ratio. */
  readonly parameter?: Expression;
  /** `by` keeps these labels, `without` drops them. Without either: `by` with none. */
  readonly grouping: { readonly mode: 'by' | 'without'; readonly labels: readonly string[] };
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | 'and'
  | 'or'
  | 'unless';

/** How the series of two vectors find each other. */
export interface VectorMatching {
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** `on` compares only these labels, `ignoring` all but these. Without either: `ignoring` with none. */
  readonly mode: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** Labels taken over from the side of one; of `group_left` and `group_right`. */
  readonly include: readonly string[];
}

export interface BinaryExpression extends Place {
  readonly kind: 'binary';
  readonly type: 'scalar' | 'vector';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** Comparison gives 0 and 1 instead of filtering. */
  readonly returnsBool: boolean;
  /** Present when both sides are vectors. */
  readonly matching?: VectorMatching;
}

export interface UnaryExpression extends Place {
  readonly kind: 'unary';
  readonly type: 'scalar' | 'vector';
  readonly operator: '+' | '-';
  readonly expression: Expression;
}

export interface Parenthesis extends Place {
  readonly kind: 'parenthesis';
  readonly type: ValueType;
  readonly expression: Expression;
}
