import type { SyntaxNode } from '@lezer/common';
import { DURATION_FORMS } from './describe-unexpected.js';
import type {
  AtModifier,
  Expression,
  MatrixSelector,
  Place,
  Subquery,
  VectorSelector,
} from './expression.js';
import { childrenOf, type ParseSource } from './parse-source.js';

type Modified = VectorSelector | MatrixSelector | Subquery;

/** 2⁶³, in seconds: the bounds of `@`. */
const LATEST_SECONDS = 2 ** 63;
const NOT_MODIFIABLE =
  'must be preceded by an instant vector selector or range vector selector or a subquery';

/** What stands behind an operand: `[5m]`, `[5m:1m]`, `offset 5m`, `@ 100`. The node's first child is not looked at: others may own it. */
export function applyModifier(source: ParseSource, expression: Expression, node: SyntaxNode): Expression {
  switch (node.name) {
    case 'OffsetExpr':
      return applyOffset(source, expression, node);
    case 'StepInvariantExpr':
      return applyAt(source, expression, node);
    case 'MatrixSelector':
      return applyRange(source, expression, node);
    case 'SubqueryExpr':
      return applySubquery(source, expression, node);
    default: {
      const word = node.name === 'AnchoredExpr' ? 'anchored' : 'smoothed';
      return source.fail(expression, `${word} modifier is experimental and not enabled`);
    }
  }
}

function applyOffset(source: ParseSource, expression: Expression, node: SyntaxNode): Expression {
  const written = node.getChild('OffsetDurationExpr');
  const offsetMs = written === null ? 0 : literalMs(source, written);
  const modified = modifiable(expression);
  if (modified === undefined) return source.fail(expression, `offset modifier ${NOT_MODIFIABLE}`);
  if (timesOf(modified).offsetMs !== 0) source.fail(expression, 'offset may not be set multiple times');
  return withTimes(modified, { offsetMs }, source.lastToken(node).end);
}

function applyAt(source: ParseSource, expression: Expression, node: SyntaxNode): Expression {
  const at = atOf(source, expression, node);
  const modified = modifiable(expression);
  if (modified === undefined) return source.fail(expression, `@ modifier ${NOT_MODIFIABLE}`);
  if (timesOf(modified).at !== undefined)
    source.fail(expression, '@ <timestamp> may not be set multiple times');
  return withTimes(modified, { at }, source.lastToken(node).end);
}

function atOf(source: ParseSource, expression: Expression, node: SyntaxNode): AtModifier {
  const edge = node.getChild('AtModifierPreprocessors');
  if (edge !== null) return { kind: source.token(edge).word === 'start' ? 'start' : 'end' };
  const sign = source.token(node.lastChild ?? node).word === '-' ? -1 : 1;
  const seconds = sign * Number(source.lastToken(node).value);
  if (!(Math.abs(seconds) < LATEST_SECONDS)) {
    source.fail(expression, `timestamp out of bounds for @ modifier: ${goFixed(seconds)}`);
  }
  return { kind: 'time', timeMs: Math.round(seconds * 1000) };
}

function goFixed(seconds: number): string {
  if (Number.isNaN(seconds)) return 'NaN';
  if (!Number.isFinite(seconds)) return seconds > 0 ? '+Inf' : '-Inf';
  return `${BigInt(seconds)}.000000`;
}

function applyRange(source: ParseSource, expression: Expression, node: SyntaxNode): MatrixSelector {
  const [duration] = durationsOf(node);
  const rangeMs = duration === undefined ? 0 : positiveMs(source, duration);
  const brackets = bracketsOf(source, duration, node);
  if (expression.kind !== 'selector') {
    return source.fail(brackets, 'ranges only allowed for vector selectors');
  }
  if (expression.offsetMs !== 0) source.fail(brackets, 'no offset modifiers allowed before range');
  if (expression.at !== undefined) source.fail(brackets, 'no @ modifiers allowed before range');
  const place = { start: expression.start, end: brackets.end };
  return { kind: 'matrix', type: 'matrix', selector: expression, rangeMs, ...place };
}

function applySubquery(source: ParseSource, expression: Expression, node: SyntaxNode): Subquery {
  const [range, step] = durationsOf(node);
  const rangeMs = range === undefined ? 0 : positiveMs(source, range);
  const place = { start: expression.start, end: source.lastToken(node).end };
  const base = { kind: 'subquery', type: 'matrix', expression, rangeMs, offsetMs: 0, ...place } as const;
  return step === undefined ? base : { ...base, stepMs: positiveMs(source, step) };
}

function durationsOf(node: SyntaxNode): SyntaxNode[] {
  return node.getChildren('DurationExpr');
}

function bracketsOf(source: ParseSource, duration: SyntaxNode | undefined, node: SyntaxNode): Place {
  const opening = source.token(duration ?? node, -1);
  return { start: opening.start, end: source.lastToken(node).end };
}

function positiveMs(source: ParseSource, node: SyntaxNode): number {
  const rangeMs = literalMs(source, node);
  if (rangeMs <= 0) source.fail(source.place(node), 'duration must be greater than 0');
  return rangeMs;
}

/** A number of seconds or a duration, with or without a sign. Anything longer is arithmetic, which Prometheus has behind a flag. */
function literalMs(source: ParseSource, node: SyntaxNode): number {
  const [first, second] = childrenOf(node);
  if (first?.name === 'UnaryOp' && second !== undefined && second.name === node.name) {
    const sign = source.token(first).word === '-' ? -1 : 1;
    checkSigns(source, second);
    return sign * literalMs(source, second);
  }
  if (first?.name !== 'NumberDurationLiteralInDurationContext' || second !== undefined) {
    return source.fail(source.place(node), 'experimental duration expression is not enabled');
  }
  return millisecondsOf(source, node, Number(source.token(first).value));
}

/** Prometheus takes one sign behind `offset`, the grammar as many as there are. */
function checkSigns(source: ParseSource, node: SyntaxNode): void {
  const second = node.firstChild;
  if (node.name !== 'OffsetDurationExpr' || second?.name !== 'UnaryOp') return;
  const sign = source.token(second);
  source.fail(sign, `unexpected <op:${sign.text}> in offset, expected ${DURATION_FORMS}`);
}

function millisecondsOf(source: ParseSource, node: SyntaxNode, seconds: number): number {
  const rounded = Math.round(seconds * 1000);
  // As many nanoseconds must fit into 64 bits.
  if (!(Math.abs(seconds) < 2 ** 63 / 1e9)) source.fail(source.place(node), 'duration out of range');
  return rounded;
}

function modifiable(expression: Expression): Modified | undefined {
  const { kind } = expression;
  return kind === 'selector' || kind === 'matrix' || kind === 'subquery' ? expression : undefined;
}

function timesOf(modified: Modified): VectorSelector | Subquery {
  return modified.kind === 'matrix' ? modified.selector : modified;
}

function withTimes(
  modified: Modified,
  times: { offsetMs: number } | { at: AtModifier },
  end: number,
): Modified {
  if (modified.kind !== 'matrix') return { ...modified, ...times, end };
  return { ...modified, selector: { ...modified.selector, ...times }, end };
}
