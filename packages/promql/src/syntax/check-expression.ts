import { METRIC_NAME_LABEL } from '@labkeeper/core';
import { isComparison, isSetOperator } from './build-binary.js';
import { acceptsAbsence } from './build-selector.js';
import type {
  Aggregation,
  BinaryExpression,
  Call,
  Expression,
  Place,
  Subquery,
  UnaryExpression,
  ValueType,
  VectorSelector,
} from './expression.js';
import { type FunctionSignature, functionSignature } from './functions-table.js';
import { quoteText } from './go-quote.js';
import { failAt } from './source-text.js';

/** The types as Prometheus' messages call them. */
const DOCUMENTED: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
  matrix: 'range vector',
};
const OPERANDS_ONLY = 'binary expression must contain only scalar and instant vector types';

/** The checks of types that Prometheus makes of a whole expression (`checkAST`), in its order and words. Throws at the first fault. */
export function checkExpression(text: string, expression: Expression): void {
  new Checker(text).check(expression);
}

class Checker {
  constructor(private readonly text: string) {}

  check(expression: Expression): ValueType {
    switch (expression.kind) {
      case 'aggregation':
        this.checkAggregation(expression);
        break;
      case 'binary':
        this.checkBinary(expression);
        break;
      case 'call':
        this.checkCall(expression);
        break;
      case 'unary':
        this.checkUnary(expression);
        break;
      case 'subquery':
        this.checkSubquery(expression);
        break;
      case 'parenthesis':
        this.check(expression.expression);
        break;
      case 'matrix':
        this.checkSelector(expression.selector);
        break;
      case 'selector':
        this.checkSelector(expression);
        break;
      case 'number':
      case 'string':
        break;
    }
    return expression.type;
  }

  private fail(place: Place, message: string): never {
    failAt(this.text, place, message);
  }

  private expectType(expression: Expression, wanted: ValueType, where: string): void {
    const found = this.check(expression);
    if (found === wanted) return;
    this.fail(expression, `expected type ${DOCUMENTED[wanted]} in ${where}, got ${DOCUMENTED[found]}`);
  }

  private checkAggregation({ operator, expression, parameter }: Aggregation): void {
    this.expectType(expression, 'vector', 'aggregation expression');
    if (parameter === undefined) return;
    this.expectType(parameter, operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
  }

  private checkBinary(expression: BinaryExpression): void {
    const { operator, left, right, returnsBool } = expression;
    const leftType = this.check(left);
    const rightType = this.check(right);
    if (returnsBool && !isComparison(operator)) {
      this.fail(this.operatorPlace(expression), 'bool modifier can only be used on comparison operators');
    }
    if (isComparison(operator) && !returnsBool && leftType === 'scalar' && rightType === 'scalar') {
      this.fail(this.operatorPlace(expression), 'comparisons between scalars must use BOOL modifier');
    }
    this.checkMatchedLabels(expression);
    if (leftType !== 'scalar' && leftType !== 'vector') this.fail(left, OPERANDS_ONLY);
    if (rightType !== 'scalar' && rightType !== 'vector') this.fail(right, OPERANDS_ONLY);
    this.checkMatching(expression, leftType === 'vector' && rightType === 'vector');
  }

  private checkMatchedLabels(expression: BinaryExpression): void {
    const { mode, labels, include } = expression.matching ?? { mode: 'ignoring', labels: [], include: [] };
    const twice = mode === 'on' ? labels.find((label) => include.includes(label)) : undefined;
    if (twice === undefined) return;
    const message = `label ${quoteText(twice)} must not occur in ON and GROUP clause at once`;
    this.fail(this.operatorPlace(expression), message);
  }

  private checkMatching(expression: BinaryExpression, isBetweenVectors: boolean): void {
    const { operator, matching } = expression;
    if (!isBetweenVectors && matching !== undefined) {
      this.fail(expression, 'vector matching only allowed between instant vectors');
    }
    if (!isSetOperator(operator)) return;
    if (!isBetweenVectors) {
      this.fail(expression, `set operator "${operator}" not allowed in binary scalar expression`);
    }
    if (matching?.cardinality !== 'many-to-many') {
      this.fail(expression, `no grouping allowed for "${operator}" operation`);
    }
  }

  /** From the operator to the end of what belongs to it, without the blanks around. */
  private operatorPlace({ left, right }: BinaryExpression): Place {
    const between = this.text.slice(left.end, right.start);
    const start = left.end + between.length - between.trimStart().length;
    return { start, end: left.end + between.trimEnd().length };
  }

  private checkCall(call: Call): void {
    const signature = functionSignature(call.function);
    if (signature === undefined) return;
    this.checkCount(call, signature);
    if (call.function === 'info') this.checkInfo(call);
    for (const [index, argument] of call.arguments.entries()) {
      const wanted = signature.arguments[Math.min(index, signature.arguments.length - 1)] ?? 'vector';
      // Only the labels of an info metric may be asked for, without any that must be there.
      if (call.function === 'info' && index === 1) continue;
      this.expectType(argument, wanted, `call to function "${call.function}"`);
    }
  }

  private checkCount(call: Call, { arguments: types, variadic }: FunctionSignature): void {
    const got = call.arguments.length;
    const least = variadic === 0 ? types.length : types.length - 1;
    const most = variadic < 0 ? Number.POSITIVE_INFINITY : least + variadic;
    if (got >= least && got <= most) return;
    const bound = variadic === 0 ? '' : got < least ? 'at least ' : 'at most ';
    const count = got < least ? least : most;
    this.fail(call, `expected ${bound}${count} argument(s) in call to "${call.function}", got ${got}`);
  }

  private checkInfo(call: Call): void {
    const labels = call.arguments[1];
    if (labels === undefined) return;
    if (labels.type !== 'vector') {
      const got = DOCUMENTED[labels.type];
      this.fail(call, `expected type instant vector in call to function "info", got ${got}`);
    }
    if (labels.kind !== 'selector') this.fail(labels, 'expected label selectors only');
    if (labels.name !== undefined) {
      this.fail(labels, 'expected label selectors only, got vector selector instead');
    }
  }

  private checkUnary(expression: UnaryExpression): void {
    const found = this.check(expression.expression);
    if (found === 'scalar' || found === 'vector') return;
    const allowed = 'unary expression only allowed on expressions of type scalar or instant vector';
    this.fail(expression, `${allowed}, got "${DOCUMENTED[found]}"`);
  }

  private checkSubquery(subquery: Subquery): void {
    const found = this.check(subquery.expression);
    if (found === 'vector') return;
    this.fail(subquery, `subquery is only allowed on instant vector, got ${found} instead`);
  }

  private checkSelector(selector: VectorSelector): void {
    const { name, matchers } = selector;
    if (name === undefined) {
      if (!matchers.every(acceptsAbsence)) return;
      this.fail(selector, 'vector selector must contain at least one non-empty matcher');
    }
    const other = matchers.slice(0, -1).find(({ label }) => label === METRIC_NAME_LABEL);
    if (other === undefined) return;
    const names = `${quoteText(name)} or ${quoteText(other.value)}`;
    this.fail(selector, `metric name must not be set twice: ${names}`);
  }
}
