import { type Matcher, METRIC_NAME_LABEL } from '@labkeeper/core';
import type { Aggregation, BinaryExpression, Expression, Subquery, VectorSelector } from './expression.js';
import {
  formatAt,
  formatDurationMs,
  formatLabels,
  formatMatcher,
  formatNumber,
  formatOffset,
} from './format-literals.js';
import { quoteText } from './go-quote.js';

const MAX_LINE_LENGTH = 100;
const INDENT = '  ';

/**
 * An expression on one line, as Prometheus prints it (`Expr.String()`); parsing it again gives the same expression.
 * Called for alerts' links, for the API, and where messages quote expressions.
 */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return formatLiteral(expression.value, expression.isDuration);
    case 'string':
      return quoteText(expression.value);
    case 'selector':
      return formatSelector(expression) + formatTimes(expression);
    case 'matrix': {
      const { selector, rangeMs } = expression;
      return `${formatSelector(selector)}[${formatDurationMs(rangeMs)}]${formatTimes(selector)}`;
    }
    case 'subquery':
      return formatExpression(expression.expression) + subqueryTail(expression);
    case 'call':
      return `${expression.function}(${expression.arguments.map(formatExpression).join(', ')})`;
    case 'aggregation':
      return `${aggregationHead(expression)}(${argumentsOf(expression).map(formatExpression).join(', ')})`;
    case 'binary':
      return `${formatLeft(expression)} ${operatorText(expression)} ${formatExpression(expression.right)}`;
    case 'unary':
      return expression.operator + formatExpression(expression.expression);
    case 'parenthesis':
      return `(${formatExpression(expression.expression)})`;
  }
}

/**
 * An expression in lines of at most 100 characters where it can be broken, as Prometheus' `/api/v1/format_query` and
 * `promtool promql format` give it.
 */
export function prettyExpression(expression: Expression): string {
  return pretty(expression, 0);
}

function pretty(expression: Expression, level: number): string {
  const indent = INDENT.repeat(level);
  // Signs and subqueries look at what they hold first, as in Prometheus.
  if (expression.kind === 'unary') {
    return indent + expression.operator + pretty(expression.expression, level).trim();
  }
  const line = formatExpression(expression);
  if (new TextEncoder().encode(line).length <= MAX_LINE_LENGTH) {
    return expression.kind === 'subquery' ? line : indent + line;
  }
  return prettyLong(expression, level, indent) ?? indent + line;
}

function prettyLong(expression: Expression, level: number, indent: string): string | undefined {
  switch (expression.kind) {
    case 'subquery':
      return pretty(expression.expression, level) + subqueryTail(expression);
    case 'call':
      return wrap(indent + expression.function, expression.arguments, level);
    case 'aggregation':
      return wrap(indent + aggregationHead(expression), argumentsOf(expression), level);
    case 'parenthesis':
      return wrap(indent, [expression.expression], level);
    case 'binary': {
      const { left, right } = expression;
      const operator = indent + operatorText(expression);
      return `${pretty(left, level + 1)}\n${operator}\n${pretty(right, level + 1)}`;
    }
    default:
      return undefined;
  }
}

function wrap(head: string, parts: readonly Expression[], level: number): string {
  const lines = parts.map((part) => pretty(part, level + 1)).join(',\n');
  return `${head}(\n${lines}\n${INDENT.repeat(level)})`;
}

/** The sign of `+Inf ^ 2` would take hold of the whole power when it is read again; Prometheus prints it all the same. */
function formatLeft({ left, operator }: BinaryExpression): string {
  return formatExpression(left).replace(operator === '^' ? /^\+Inf$/ : /^$/, 'Inf');
}

function formatLiteral(value: number, isDuration: boolean): string {
  return isDuration ? formatDurationMs(Math.round(value * 1000)) : formatNumber(value);
}

function formatSelector({ name = '', matchers }: VectorSelector): string {
  const isName = ({ label, operator, value }: Matcher) =>
    label === METRIC_NAME_LABEL && operator === '=' && value === name && name !== '';
  const conditions = matchers.filter((matcher) => !isName(matcher)).map(formatMatcher);
  return conditions.length === 0 ? name || '{}' : `${name}{${conditions.sort().join(',')}}`;
}

function formatTimes({ at, offsetMs }: Pick<VectorSelector, 'at' | 'offsetMs'>): string {
  return formatAt(at) + formatOffset(offsetMs);
}

function subqueryTail(subquery: Subquery): string {
  const { rangeMs, stepMs } = subquery;
  const step = stepMs === undefined ? '' : formatDurationMs(stepMs);
  return `[${formatDurationMs(rangeMs)}:${step}]${formatTimes(subquery)}`;
}

function argumentsOf({ parameter, expression }: Aggregation): readonly Expression[] {
  return parameter === undefined ? [expression] : [parameter, expression];
}

function aggregationHead({ operator, grouping: { mode, labels } }: Aggregation): string {
  if (mode === 'by' && labels.length === 0) return operator;
  return `${operator} ${mode} (${formatLabels(labels)}) `;
}

/** The operator and everything that says how it matches. */
function operatorText({ operator, returnsBool, matching }: BinaryExpression): string {
  const head = operator + (returnsBool ? ' bool' : '');
  if (matching === undefined) return head;
  const { cardinality, mode, labels, include } = matching;
  const isGrouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  const isMatched = labels.length > 0 || mode === 'on' || isGrouped;
  const matched = isMatched ? ` ${mode} (${formatLabels(labels)})` : '';
  if (!isGrouped) return head + matched;
  const side = cardinality === 'many-to-one' ? 'left' : 'right';
  return `${head}${matched} group_${side} (${formatLabels(include)})`;
}
