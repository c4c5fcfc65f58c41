import type { Expression } from '@labkeeper/promql';

const COMPARISONS: ReadonlySet<string> = new Set(['>', '>=', '<', '<=', '==', '!=']);

/** The number that a rule compares with, for people: `disk_used > 80` has 80. Undefined where there is no single one. */
export function thresholdOf(expression: Expression): number | undefined {
  const bare = unwrapped(expression);
  if (bare.kind !== 'binary' || !COMPARISONS.has(bare.operator)) return undefined;
  return numberOf(bare.right) ?? numberOf(bare.left);
}

function unwrapped(expression: Expression): Expression {
  return expression.kind === 'parenthesis' ? unwrapped(expression.expression) : expression;
}

function numberOf(expression: Expression): number | undefined {
  const bare = unwrapped(expression);
  if (bare.kind === 'number') return bare.value;
  if (bare.kind !== 'unary') return undefined;
  const value = numberOf(bare.expression);
  return value === undefined || bare.operator === '+' ? value : -value;
}
