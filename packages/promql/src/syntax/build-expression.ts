import type { SyntaxNode } from '@lezer/common';
import { buildChain } from './build-chain.js';
import { buildLabels, buildSelector } from './build-selector.js';
import type {
  Aggregation,
  AggregationOperator,
  Call,
  Expression,
  NumberLiteral,
  Parenthesis,
  StringLiteral,
} from './expression.js';
import { functionSignature } from './functions-table.js';
import { childrenOf, type ParseSource } from './parse-source.js';

const WITH_PARAMETER = new Set(['topk', 'bottomk', 'quantile', 'count_values', 'limitk', 'limit_ratio']);
const EXPERIMENTAL_AGGREGATIONS = new Set(['limitk', 'limit_ratio']);
const FLAG = '--enable-feature=promql-experimental-functions';

/** The expression of a node of the grammar's tree; types are checked afterwards. Throws what Prometheus' grammar actions complain about. */
export function buildExpression(source: ParseSource, node: SyntaxNode): Expression {
  return buildChain(source, node, buildOperand);
}

/** What binds more tightly than every operator. */
function buildOperand(source: ParseSource, node: SyntaxNode): Expression {
  switch (node.name) {
    case 'NumberDurationLiteral':
      return buildNumber(source, node);
    case 'StringLiteral':
      return buildString(source, node);
    case 'ParenExpr':
      return buildParenthesis(source, node);
    case 'AggregateExpr':
      return buildAggregation(source, node);
    case 'FunctionCall':
      return buildCall(source, node);
    default:
      return buildSelector(source, node);
  }
}

/** The sign, if the grammar took one in, belongs to the chain of operators. */
function buildNumber(source: ParseSource, node: SyntaxNode): NumberLiteral {
  const { kind, value, start, end } = source.lastToken(node);
  return {
    kind: 'number',
    type: 'scalar',
    value: Number(value),
    isDuration: kind === 'duration',
    start,
    end,
  };
}

function buildString(source: ParseSource, node: SyntaxNode): StringLiteral {
  const { value, start, end } = source.token(node);
  return { kind: 'string', type: 'string', value: String(value), start, end };
}

function buildParenthesis(source: ParseSource, node: SyntaxNode): Parenthesis {
  const [inner] = childrenOf(node);
  const expression = buildExpression(source, inner ?? node);
  return { kind: 'parenthesis', type: expression.type, expression, ...source.place(node) };
}

function buildArguments(source: ParseSource, node: SyntaxNode): Expression[] {
  const body = node.getChild('FunctionCallBody');
  return body === null ? [] : childrenOf(body).map((child) => buildExpression(source, child));
}

function buildCall(source: ParseSource, node: SyntaxNode): Call {
  const args = buildArguments(source, node);
  const name = source.token(node);
  const signature = functionSignature(name.text);
  if (signature === undefined) return source.fail(name, `unknown function with name "${name.text}"`);
  if (signature.isExperimental && source.options.experimentalFunctions !== true) {
    source.fail(name, `function "${name.text}" is not enabled`);
  }
  return {
    kind: 'call',
    type: signature.returns,
    function: name.text,
    arguments: args,
    ...source.place(node),
  };
}

function buildAggregation(source: ParseSource, node: SyntaxNode): Aggregation {
  const operator = source.token(node).word as AggregationOperator;
  const args = buildArguments(source, node);
  const place = source.place(node);
  checkAggregation(source, operator, args.length, place);
  const [parameter, expression] = WITH_PARAMETER.has(operator) ? args : [undefined, ...args];
  const base = {
    kind: 'aggregation',
    type: 'vector',
    operator,
    expression: expression as Expression,
    grouping: buildGrouping(source, node.getChild('AggregateModifier')),
    ...place,
  } as const;
  return parameter === undefined ? base : { ...base, parameter };
}

function checkAggregation(
  source: ParseSource,
  operator: AggregationOperator,
  count: number,
  place: { start: number; end: number },
): void {
  if (count === 0) source.fail(place, 'no arguments for aggregate expression provided');
  if (EXPERIMENTAL_AGGREGATIONS.has(operator) && source.options.experimentalFunctions !== true) {
    source.fail(place, `${operator}() is experimental and must be enabled with ${FLAG}`);
  }
  const expected = WITH_PARAMETER.has(operator) ? 2 : 1;
  if (count === expected) return;
  const wrong = 'wrong number of arguments for aggregate expression provided';
  source.fail(place, `${wrong}, expected ${expected}, got ${count}`);
}

function buildGrouping(source: ParseSource, modifier: SyntaxNode | null): Aggregation['grouping'] {
  if (modifier === null) return { mode: 'by', labels: [] };
  const mode = source.token(modifier).word === 'without' ? 'without' : 'by';
  return { mode, labels: buildLabels(source, modifier.getChild('GroupingLabels')) };
}
