import type { SyntaxNode } from '@lezer/common';
import { applyModifier } from './apply-modifier.js';
import { buildBinary } from './build-binary.js';
import type { Expression, NumberLiteral, UnaryExpression } from './expression.js';
import { childrenOf, type ParseSource } from './parse-source.js';
import type { Token } from './tokens.js';

type BuildOperand = (source: ParseSource, node: SyntaxNode) => Expression;

/** Operands, signs before them, modifiers behind them and operators between them, in the order of the text. */
type Link =
  | { readonly kind: 'sign'; readonly token: Token }
  | { readonly kind: 'operand' | 'modifier' | 'operator'; readonly node: SyntaxNode };

const MODIFIERS = new Set([
  ...['OffsetExpr', 'StepInvariantExpr', 'MatrixSelector', 'SubqueryExpr', 'AnchoredExpr', 'SmoothedExpr'],
]);

/** Prometheus' table of precedences, by the names of the grammar's operators. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  Or: 1,
  And: 2,
  Unless: 2,
  Eql: 3,
  Neq: 3,
  Lte: 3,
  Lss: 3,
  Gte: 3,
  Gtr: 3,
  Add: 4,
  Sub: 4,
  Mul: 5,
  Div: 5,
  Mod: 5,
  Atan2: 5,
  Pow: 6,
};
const POWER = 6;

/**
 * Builds a run of operators anew. The Lezer grammar is laxer here than Prometheus: it takes the sign of `-2 ^ 2` into the number, and the
 * range of `a and b[5m]` for one of both. So its nesting is undone, and Prometheus' precedences decide.
 */
export function buildChain(source: ParseSource, node: SyntaxNode, buildOperand: BuildOperand): Expression {
  const links: Link[] = [];
  collectLinks(source, node, links);
  return new Chain(source, links, buildOperand).build(0);
}

function collectLinks(source: ParseSource, node: SyntaxNode, links: Link[]): void {
  const [first, ...rest] = childrenOf(node);
  if (node.name === 'BinaryExpr' && first !== undefined) {
    collectLinks(source, first, links);
    links.push({ kind: 'operator', node });
    collectLinks(source, rest.at(-1) ?? first, links);
  } else if (node.name === 'UnaryExpr') {
    links.push({ kind: 'sign', token: source.token(node) });
    collectLinks(source, rest[0] ?? node, links);
  } else if (MODIFIERS.has(node.name) && first !== undefined) {
    collectLinks(source, first, links);
    links.push({ kind: 'modifier', node });
  } else collectOperand(source, node, links);
}

function collectOperand(source: ParseSource, node: SyntaxNode, links: Link[]): void {
  const token = source.token(node);
  const isSigned = node.name === 'NumberDurationLiteral' && token.kind === 'operator';
  if (isSigned) links.push({ kind: 'sign', token });
  links.push({ kind: 'operand', node });
}

/** Precedence climbing over the links. */
class Chain {
  private at = 0;

  constructor(
    private readonly source: ParseSource,
    private readonly links: readonly Link[],
    private readonly buildOperand: BuildOperand,
  ) {}

  /** As much as operators of at least this precedence hold together. */
  build(precedence: number): Expression {
    let left = this.buildSigned();
    for (;;) {
      const link = this.links[this.at];
      const found = link?.kind === 'operator' ? precedenceOf(link.node) : -1;
      if (link?.kind !== 'operator' || found < precedence) return left;
      this.at += 1;
      // Powers group from the right, everything else from the left.
      const right = this.build(found === POWER ? found : found + 1);
      left = buildBinary(this.source, link.node, left, right);
    }
  }

  private buildSigned(): Expression {
    const link = this.links[this.at];
    this.at += 1;
    if (link === undefined) throw new RangeError('a chain of operators ends with an operand');
    if (link.kind === 'sign') return applySign(link.token, this.build(POWER));
    if (link.kind !== 'operand') throw new RangeError(`${link.kind} where an operand belongs`);
    return this.applyModifiers(this.buildOperand(this.source, link.node));
  }

  private applyModifiers(operand: Expression): Expression {
    let modified = operand;
    for (let link = this.links[this.at]; link?.kind === 'modifier'; link = this.links[this.at]) {
      modified = applyModifier(this.source, modified, link.node);
      this.at += 1;
    }
    return modified;
  }
}

function precedenceOf(node: SyntaxNode): number {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    const precedence = PRECEDENCE[child.name];
    if (precedence !== undefined) return precedence;
  }
  throw new RangeError('a binary expression has an operator');
}

function applySign({ word, start }: Token, expression: Expression): NumberLiteral | UnaryExpression {
  const sign = word === '-' ? -1 : 1;
  if (expression.kind === 'number') return { ...expression, value: expression.value * sign, start };
  return {
    kind: 'unary',
    // Whatever else it is, the check of types refuses it.
    type: expression.type as UnaryExpression['type'],
    operator: sign < 0 ? '-' : '+',
    expression,
    start,
    end: expression.end,
  };
}
