import type { EvaluateOptions, QueryLimits, RangeSpan } from '../evaluate-options.js';
import { PromqlError } from '../promql-error.js';
import type { QueryResult } from '../result.js';
import type { Selection, SelectSamplesNow } from '../source.js';
import type { Expression } from '../syntax/expression.js';
import { Evaluation } from './evaluation.js';
import { Pace } from './pace.js';
import { programOf } from './program/compile.js';

/** Prometheus' defaults; samples are 16 bytes each. */
const DEFAULT_LIMITS: Omit<QueryLimits, 'timeoutMs'> = {
  maxSeries: Number.POSITIVE_INFINITY,
  maxSamples: 50_000_000,
  maxSteps: 11_000,
};
const DEFAULT_LOOKBACK_MS = 300_000;
const DEFAULT_STEP_MS = 60_000;

/** What an evaluation without a turn of the event loop needs: as {@link EvaluateOptions}, without what is for long ones. */
export type EvaluateNowOptions = Pick<EvaluateOptions, 'lookbackMs' | 'defaultStepMs' | 'limits'> & {
  readonly select: SelectSamplesNow;
};

/**
 * An expression at one time (milliseconds since 1970). Rejects with PromqlError: for limits, `signal`, what Prometheus refuses while it
 * evaluates, and what is not supported; and with whatever `select` rejects with. The order of a vector is of meaning only after
 * sort and topk. Called once per instant query.
 */
export async function evaluateInstant(
  expression: Expression,
  timeMs: number,
  options: EvaluateOptions,
): Promise<QueryResult> {
  return await evaluateInTurns(expression, { fromMs: timeMs, toMs: timeMs, stepMs: 0 }, options);
}

/**
 * An expression at every step of a span; gives a matrix, sorted by labels. Rejects as {@link evaluateInstant} does, and with
 * PromqlError (bad_data) for a step that is not above 0 and for expressions that give texts or ranges. Called once per range query.
 */
export async function evaluateRange(
  expression: Expression,
  span: RangeSpan,
  options: EvaluateOptions,
): Promise<QueryResult> {
  checkSpan(span, options.limits?.maxSteps ?? DEFAULT_LIMITS.maxSteps);
  checkRangeType(expression);
  return await evaluateInTurns(expression, span, options);
}

/**
 * {@link evaluateInstant} without a turn of the event loop, over a source that has everything at hand. For rules: the same expression
 * object over the same series objects costs little more than reading the samples. Throws as evaluateInstant rejects.
 * Called once per rule and evaluation.
 */
export function evaluateInstantNow(
  expression: Expression,
  timeMs: number,
  options: EvaluateNowOptions,
): QueryResult {
  const evaluation = evaluationOf(expression, { fromMs: timeMs, toMs: timeMs, stepMs: 0 }, options);
  const work = evaluation.compute(evaluation.selections.map((selection) => options.select(selection)));
  for (;;) {
    const turn = work.next();
    if (turn.done) return turn.value;
  }
}

/** What an evaluation will read; the step of an instant query is 0. For sources that prepare themselves. Throws as the evaluation would. */
export function selectionsOf(
  expression: Expression,
  span: RangeSpan,
  options: Pick<EvaluateOptions, 'lookbackMs' | 'defaultStepMs'> = {},
): readonly Selection[] {
  return evaluationOf(expression, span, options).selections;
}

function evaluationOf(
  expression: Expression,
  span: RangeSpan,
  { lookbackMs, defaultStepMs, limits }: Pick<EvaluateOptions, 'lookbackMs' | 'defaultStepMs' | 'limits'>,
): Evaluation {
  return new Evaluation(programOf(expression), {
    span,
    lookbackMs: lookbackMs ?? DEFAULT_LOOKBACK_MS,
    defaultStepMs: defaultStepMs ?? DEFAULT_STEP_MS,
    maxSeries: limits?.maxSeries ?? DEFAULT_LIMITS.maxSeries,
    maxSamples: limits?.maxSamples ?? DEFAULT_LIMITS.maxSamples,
  });
}

async function evaluateInTurns(
  expression: Expression,
  span: RangeSpan,
  options: EvaluateOptions,
): Promise<QueryResult> {
  const pace = new Pace(options);
  pace.check();
  const evaluation = evaluationOf(expression, span, options);
  const read = await Promise.all(evaluation.selections.map((selection) => options.select(selection)));
  const work = evaluation.compute(read);
  for (;;) {
    if (pace.check()) await pace.pause();
    const turn = work.next();
    if (turn.done) return turn.value;
  }
}

function checkSpan({ fromMs, toMs, stepMs }: RangeSpan, maxSteps: number): void {
  if (!(stepMs > 0))
    throw new PromqlError(
      'bad_data',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (toMs < fromMs) throw new PromqlError('bad_data', 'end timestamp must not be before start time');
  const steps = Math.floor((toMs - fromMs) / stepMs) + 1;
  if (steps <= maxSteps) return;
  const [found, allowed] = [steps.toLocaleString('en'), maxSteps.toLocaleString('en')];
  throw new PromqlError(
    'execution',
    `exceeded maximum resolution of ${allowed} points per timeseries. Try decreasing the query resolution (?step=XX): it has ${found} steps`,
  );
}

function checkRangeType({ type, start, end }: Expression): void {
  if (type === 'scalar' || type === 'vector') return;
  const name = type === 'matrix' ? 'range vector' : 'string';
  throw new PromqlError(
    'bad_data',
    `invalid expression type "${name}" for range query, must be Scalar or instant Vector`,
    { start, end },
  );
}
