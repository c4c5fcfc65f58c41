import type { AtModifier, Expression } from '../syntax/expression.js';

/** Their results change with the time of evaluation, whatever time their arguments have. */
const DEPEND_ON_TIME = new Set(
  'days_in_month day_of_month day_of_week day_of_year hour minute month year predict_linear time timestamp start end range step'.split(
    ' ',
  ),
);

/**
 * The expression with all its selectors nailed to one time by `@`, so that every time of evaluation gives the same result; undefined where
 * a function depends on that time itself. Times that are there stay, and so does what is within a subquery.
 */
export function pinnedExpression(expression: Expression, timeMs: number): Expression | undefined {
  const pinner = new Pinner({ kind: 'time', timeMs });
  const pinned = pinner.pin(expression);
  return pinner.dependsOnTime ? undefined : pinned;
}

class Pinner {
  dependsOnTime = false;

  constructor(private readonly at: AtModifier) {}

  pin(expression: Expression): Expression {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression;
      case 'selector':
      case 'subquery':
        return expression.at?.kind === 'time' ? expression : { ...expression, at: this.at };
      case 'matrix': {
        const { selector } = expression;
        return selector.at?.kind === 'time'
          ? expression
          : { ...expression, selector: { ...selector, at: this.at } };
      }
      case 'call':
        this.dependsOnTime ||= DEPEND_ON_TIME.has(expression.function);
        return { ...expression, arguments: expression.arguments.map((argument) => this.pin(argument)) };
      case 'binary':
        return { ...expression, left: this.pin(expression.left), right: this.pin(expression.right) };
      case 'aggregation': {
        const { parameter } = expression;
        const inner = { ...expression, expression: this.pin(expression.expression) };
        return parameter === undefined ? inner : { ...inner, parameter: this.pin(parameter) };
      }
      case 'unary':
      case 'parenthesis':
        return { ...expression, expression: this.pin(expression.expression) };
    }
  }
}
