import { isStalenessMark, type Matcher } from '@labkeeper/core';
import type { BinaryOperator, Expression, VectorSelector } from '@labkeeper/promql';
import type { LiveSelector } from './recent/live-selector.js';

/** Says that an expression has surely no result at a time. False: it may have one, and has to be evaluated. */
export type EmptinessTest = (atMs: number) => boolean;

/** As in the evaluator: how far back an instant selector looks. */
const LOOKBACK_MS = 300_000;

const COMPARISONS: Partial<Readonly<Record<BinaryOperator, (value: number, bound: number) => boolean>>> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '==': (value, bound) => value === bound,
  '!=': (value, bound) => value !== bound,
};
const MIRRORED: Partial<Readonly<Record<BinaryOperator, BinaryOperator>>> = {
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
};

type SelectorOf = (matchers: readonly Matcher[]) => LiveSelector | undefined;

/**
 * A rule is quiet nearly always, and for thresholds that can be seen by looking at the newest values alone. Undefined for expressions of
 * which nothing is known beforehand. The answer `true` is always right; it is a short cut, never a second evaluator.
 */
export function emptinessTest(expression: Expression, selectorOf: SelectorOf): EmptinessTest | undefined {
  switch (expression.kind) {
    case 'parenthesis':
    case 'unary':
      return emptinessTest(expression.expression, selectorOf);
    case 'aggregation':
      return emptinessTest(expression.expression, selectorOf);
    case 'binary':
      return binaryTest(expression, selectorOf);
    default:
      return undefined;
  }
}

function binaryTest(
  { operator, left, right, returnsBool, type }: Extract<Expression, { kind: 'binary' }>,
  selectorOf: SelectorOf,
): EmptinessTest | undefined {
  if (type === 'scalar') return undefined;
  const threshold = returnsBool ? undefined : thresholdTest(operator, left, right, selectorOf);
  if (threshold) return threshold;
  const [ofLeft, ofRight] = [emptinessTest(left, selectorOf), emptinessTest(right, selectorOf)];
  if (operator === 'unless') return ofLeft;
  if (operator === 'or') return ofLeft && ofRight && ((atMs) => ofLeft(atMs) && ofRight(atMs));
  // Every other operator has a result only where both sides have one.
  if (ofLeft && ofRight) return (atMs) => ofLeft(atMs) || ofRight(atMs);
  return ofLeft ?? ofRight;
}

/** `selector > 80` and `80 < selector`. */
function thresholdTest(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  selectorOf: SelectorOf,
): EmptinessTest | undefined {
  const [a, b] = [unwrapped(left), unwrapped(right)];
  if (a.kind === 'selector' && b.kind === 'number') return noneMeets(a, operator, b.value, selectorOf);
  const mirrored = MIRRORED[operator];
  if (mirrored && a.kind === 'number' && b.kind === 'selector')
    return noneMeets(b, mirrored, a.value, selectorOf);
  return undefined;
}

function noneMeets(
  { matchers, offsetMs, at }: VectorSelector,
  operator: BinaryOperator,
  bound: number,
  selectorOf: SelectorOf,
): EmptinessTest | undefined {
  const compare = COMPARISONS[operator];
  const selector = selectorOf(matchers);
  if (!compare || !selector || offsetMs !== 0 || at !== undefined) return undefined;
  return (atMs) => {
    for (const { newestMs, newest } of selector.members) {
      // A sample from behind the time of evaluation hides the one that counts.
      if (newestMs > atMs) return false;
      if (newestMs <= atMs - LOOKBACK_MS) continue;
      if (compare(newest, bound) && !isStalenessMark(newest)) return false;
    }
    return true;
  };
}

function unwrapped(expression: Expression): Expression {
  return expression.kind === 'parenthesis' ? unwrapped(expression.expression) : expression;
}
