import { evaluateInstant, evaluateRange } from '../evaluate/evaluate.js';
import type { EvaluateOptions, RangeSpan } from '../evaluate-options.js';
import { PromqlError } from '../promql-error.js';
import type { QueryResult, QueryValue } from '../result.js';
import type { Expression } from '../syntax/expression.js';
import { parseExpression } from '../syntax/parse-expression.js';
import {
  type Complaint,
  checkAnnotations,
  checkFailure,
  checkValue,
  expectationsOf,
} from './check-result.js';
import { pinnedExpression } from './pinned-expression.js';
import type { EvalCommand } from './script-command.js';

const MINUTE_MS = 60_000;
/** They say something else of a range query than of an instant one. Not the `start()` of `@ start()`. */
const SPAN_FUNCTION = /(?<!@\s*)\b(?:range|start|end|step)\(\)/;

/** How cases are evaluated. */
export interface CaseOptions {
  readonly evaluate: EvaluateOptions;
  readonly experimentalFunctions: boolean;
}

/** A question that does not end the case is undefined; the others say why it fails. */
type Outcome = Promise<Complaint>;

/**
 * Evaluates one case in all the ways in which Prometheus does: as it is written; with its selectors nailed to its time, from other times;
 * and instant queries also as the middle step of a range query. Gives the first complaint. Rejects with PromqlError `unsupported` for what
 * the evaluator does not have.
 */
export async function runCase(command: EvalCommand, options: CaseOptions): Outcome {
  try {
    const expression = parseExpression(command.expression, options);
    const complaint = await runExpression(command, expression, options.evaluate);
    return complaint ?? (isExpectedToFail(command) ? 'expected an error, got none' : undefined);
  } catch (error) {
    if (!(error instanceof PromqlError) || error.kind === 'unsupported') throw error;
    return isExpectedToFail(command) ? checkFailure(command, error.message) : error.message;
  }
}

function isExpectedToFail(command: EvalCommand): boolean {
  return expectationsOf(command, 'fail').length > 0;
}

async function runExpression(
  command: EvalCommand,
  expression: Expression,
  options: EvaluateOptions,
): Outcome {
  if ('span' in command.at) return runRange(command, expression, command.at.span, options);
  // Prometheus asks for a range vector at the end of its span, whatever time is written.
  const timeMs = command.rangeVector?.toMs ?? command.at.timeMs;
  const complaint = await runInstant(command, expression, timeMs, options);
  return complaint ?? runPinned(command, expression, timeMs, options);
}

async function runRange(
  command: EvalCommand,
  expression: Expression,
  span: RangeSpan,
  options: EvaluateOptions,
): Outcome {
  const result = await evaluateRange(expression, span, options);
  return checkAll(command, result, span);
}

function checkAll(command: EvalCommand, result: QueryResult, span: RangeSpan): Complaint {
  return checkAnnotations(command, result) ?? checkValue(command, result.value, span);
}

async function runPinned(
  command: EvalCommand,
  expression: Expression,
  timeMs: number,
  options: EvaluateOptions,
): Outcome {
  const pinned = pinnedExpression(expression, timeMs);
  if (pinned === undefined) return undefined;
  for (const otherMs of otherTimes(timeMs)) {
    const complaint = await runInstant(command, pinned, otherMs, options);
    if (complaint !== undefined) return `with @ ${timeMs / 1000} at ${otherMs} ms: ${complaint}`;
  }
  return undefined;
}

function otherTimes(timeMs: number): readonly number[] {
  if (timeMs === 0) return [-1000, 0, 1000];
  return [-10 * timeMs, 0, Math.trunc(timeMs / 5), timeMs, 10 * timeMs];
}

async function runInstant(
  command: EvalCommand,
  expression: Expression,
  timeMs: number,
  options: EvaluateOptions,
): Outcome {
  const result = await evaluateInstant(expression, timeMs, options);
  const span = command.rangeVector ?? { fromMs: timeMs, toMs: timeMs, stepMs: 1 };
  const complaint = checkAll(command, result, span);
  const isOrdered = expectationsOf(command, 'ordered').length > 0;
  const hasSteps = command.rangeVector === undefined && command.text === undefined && !isOrdered;
  if (complaint !== undefined || !hasSteps || SPAN_FUNCTION.test(command.expression)) return complaint;
  return runMiddleStep(command, expression, timeMs, { options, wanted: result.value.type });
}

async function runMiddleStep(
  command: EvalCommand,
  expression: Expression,
  timeMs: number,
  { options, wanted }: { options: EvaluateOptions; wanted: QueryValue['type'] },
): Outcome {
  const span = { fromMs: timeMs - MINUTE_MS, toMs: timeMs + MINUTE_MS, stepMs: MINUTE_MS };
  const { value } = await evaluateRange(expression, span, options);
  if (value.type !== 'matrix') return `in range mode: expected a matrix, got ${value.type}`;
  const values = value.series.flatMap(({ labels, timesMs, values: column }) => {
    const at = timesMs.indexOf(timeMs);
    return at < 0 ? [] : [{ labels, timeMs, value: column[at] ?? Number.NaN }];
  });
  const middle: QueryValue =
    wanted === 'scalar'
      ? { type: 'scalar', timeMs, value: values[0]?.value ?? Number.NaN }
      : { type: 'vector', values };
  const complaint = checkValue(command, middle, span);
  return complaint === undefined ? undefined : `in range mode: ${complaint}`;
}
