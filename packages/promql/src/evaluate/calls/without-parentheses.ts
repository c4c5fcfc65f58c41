import type { Expression, Parenthesis } from '../../syntax/expression.js';

/** What stands inside of any number of parentheses. */
export function withoutParentheses(expression: Expression): Exclude<Expression, Parenthesis> {
  let inner = expression;
  while (inner.kind === 'parenthesis') inner = inner.expression;
  return inner;
}

/** The text of an argument that is a string, in parentheses or not. */
export function textOf(expression: Expression | undefined): string {
  const literal = expression && withoutParentheses(expression);
  return literal?.kind === 'string' ? literal.value : '';
}
