import type { SyntaxNode } from '@lezer/common';
import { buildLabels } from './build-selector.js';
import type { BinaryExpression, BinaryOperator, Expression, VectorMatching } from './expression.js';
import { childrenOf, type ParseSource } from './parse-source.js';

const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);

/** True for `and`, `or` and `unless`. */
export function isSetOperator(operator: BinaryOperator): boolean {
  return SET_OPERATORS.has(operator);
}

/** True for the operators that filter, or give 0 and 1 with `bool`. */
export function isComparison(operator: BinaryOperator): boolean {
  return COMPARISONS.has(operator);
}

/** Two operands and what stands between them. The operands of the node itself are not looked at: precedence has chosen these. */
export function buildBinary(
  source: ParseSource,
  node: SyntaxNode,
  left: Expression,
  right: Expression,
): BinaryExpression {
  const place = { start: left.start, end: right.end };
  if (node.getChild('FillModifier') !== null) {
    source.fail(place, 'binop fill modifiers are experimental and not enabled');
  }
  const operator = operatorOf(source, node);
  const base = {
    kind: 'binary',
    type: left.type === 'scalar' && right.type === 'scalar' ? 'scalar' : 'vector',
    operator,
    left,
    right,
    returnsBool: node.getChild('BoolModifier') !== null,
    ...place,
  } as const;
  const matching = buildMatching(source, operator, node.getChild('MatchingModifierClause'));
  const isBetweenVectors = left.type === 'vector' && right.type === 'vector';
  // Labels beside a scalar are kept for the check of types to complain about.
  return isBetweenVectors || matching.labels.length > 0 ? { ...base, matching } : base;
}

function operatorOf(source: ParseSource, node: SyntaxNode): BinaryOperator {
  const [, operator] = childrenOf(node);
  return source.token(operator ?? node).word as BinaryOperator;
}

function buildMatching(
  source: ParseSource,
  operator: BinaryOperator,
  clause: SyntaxNode | null,
): VectorMatching {
  const isOn = clause !== null && source.token(clause).word === 'on';
  const [labels, include] = clause?.getChildren('GroupingLabels') ?? [];
  return {
    cardinality: cardinalityOf(operator, clause),
    mode: isOn ? 'on' : 'ignoring',
    labels: buildLabels(source, labels ?? null),
    include: buildLabels(source, include ?? null),
  };
}

function cardinalityOf(operator: BinaryOperator, clause: SyntaxNode | null): VectorMatching['cardinality'] {
  if (clause?.getChild('GroupLeft')) return 'many-to-one';
  if (clause?.getChild('GroupRight')) return 'one-to-many';
  return isSetOperator(operator) ? 'many-to-many' : 'one-to-one';
}
