import type { Expression } from '../../syntax/expression.js';

/** Functions whose result moves with the step even when their arguments do not. */
const MOVING_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year'],
  ...['predict_linear', 'time', 'timestamp'],
]);

/** The parts of an expression that give the same at every step: literals, and what is held by `@`. */
export function findInvariants(expression: Expression): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  visit(expression);
  return found;

  function visit(part: Expression): boolean {
    const isInvariant = hasInvariantParts(part, visit);
    if (isInvariant) found.add(part);
    return isInvariant;
  }
}

/** Looks at every part, because a part may be invariant where the whole is not. */
function hasInvariantParts(part: Expression, visit: (part: Expression) => boolean): boolean {
  switch (part.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
      return part.at !== undefined;
    case 'matrix':
      return part.selector.at !== undefined;
    case 'subquery':
      visit(part.expression);
      return part.at !== undefined;
    case 'call': {
      const moving = part.arguments.filter((argument) => !visit(argument));
      return moving.length === 0 && !MOVING_FUNCTIONS.has(part.function);
    }
    case 'aggregation':
      // As in Prometheus, the parameter does not count: `topk(scalar(n), m @ 0)` takes n at the first step.
      if (part.parameter) visit(part.parameter);
      return visit(part.expression);
    case 'binary': {
      const isLeftInvariant = visit(part.left);
      return visit(part.right) && isLeftInvariant;
    }
    case 'unary':
    case 'parenthesis':
      return visit(part.expression);
  }
}

/** False for parts that gain nothing from being evaluated once: literals, and ranges, which do not repeat from step to step. */
export function isWorthHolding(part: Expression): boolean {
  switch (part.kind) {
    case 'number':
    case 'string':
    case 'matrix':
    case 'subquery':
      return false;
    case 'parenthesis':
      return isWorthHolding(part.expression);
    default:
      return true;
  }
}
