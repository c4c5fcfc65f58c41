export {
  type EvaluateNowOptions,
  evaluateInstant,
  evaluateInstantNow,
  evaluateRange,
  selectionsOf,
} from './evaluate/evaluate.js';
export type { EvaluateOptions, QueryLimits, RangeSpan } from './evaluate-options.js';
export { PromqlError, type PromqlErrorKind } from './promql-error.js';
export type { QueryResult, QueryValue, RangeSeries } from './result.js';
export type { Selection, SelectSamples, SelectSamplesNow } from './source.js';
export type * from './syntax/expression.js';
export { expressionTree, type TreeNode } from './syntax/expression-tree.js';
export { formatExpression, prettyExpression } from './syntax/format-expression.js';
export { type FunctionSignature, functionSignature, functionSignatures } from './syntax/functions-table.js';
export { parseExpression, parseSelector } from './syntax/parse-expression.js';
export type { ParseOptions } from './syntax/parse-source.js';
export { lineAndColumn } from './syntax/source-text.js';
export {
  runTestScript,
  type ScriptRemark,
  type TestScriptOptions,
  type TestScriptReport,
} from './test-script/run-test-script.js';
export { TestScriptError } from './test-script/script-command.js';
export {
  type NotedSeries,
  type NotedValue,
  parseSeriesNotation,
  parseValuesNotation,
} from './test-script/series-notation.js';
