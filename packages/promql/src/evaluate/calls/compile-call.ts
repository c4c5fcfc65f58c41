import { valueFunctions, windowFunctions } from '../../functions/functions.js';
import { PromqlError } from '../../promql-error.js';
import type { Call } from '../../syntax/expression.js';
import type { Compiler } from '../program/program.js';
import { compileAbsent, compileAbsentOverTime } from './call-absent.js';
import {
  compileHistogramFraction,
  compileHistogramQuantile,
  compileHistogramQuantiles,
} from './call-histogram.js';
import { compileLabelJoin, compileLabelReplace } from './call-labels.js';
import {
  compileConstant,
  compileExtreme,
  compileScalar,
  compileTime,
  compileTimestamp,
  compileVector,
} from './call-numbers.js';
import { compileSort, compileSortByLabel } from './call-sort.js';
import { compileValueCall } from './call-value.js';
import { compileWindowCall } from './call-window.js';

type CompileCall = (call: Call, scope: number, compiler: Compiler) => number;

/** Functions that are neither over windows nor over single values. */
const SPECIAL_FUNCTIONS: ReadonlyMap<string, CompileCall> = new Map<string, CompileCall>([
  ['absent', compileAbsent],
  ['absent_over_time', compileAbsentOverTime],
  ['scalar', compileScalar],
  ['vector', compileVector],
  ['time', compileTime],
  ['timestamp', compileTimestamp],
  ['pi', compileConstant(() => Math.PI)],
  ['start', compileConstant(({ span }) => span.fromMs / 1000)],
  ['end', compileConstant(({ span }) => span.toMs / 1000)],
  ['step', compileConstant(({ span }) => span.stepMs / 1000)],
  ['range', compileConstant(({ span }) => (span.toMs - span.fromMs) / 1000)],
  ['min_of', compileExtreme(Math.min)],
  ['max_of', compileExtreme(Math.max)],
  ['label_replace', compileLabelReplace],
  ['label_join', compileLabelJoin],
  ['sort', compileSort(1)],
  ['sort_desc', compileSort(-1)],
  ['sort_by_label', compileSortByLabel(1)],
  ['sort_by_label_desc', compileSortByLabel(-1)],
  ['histogram_quantile', compileHistogramQuantile],
  ['histogram_quantiles', compileHistogramQuantiles],
  ['histogram_fraction', compileHistogramFraction],
]);

/** Throws PromqlError (unsupported) for a function that only native histograms or `info` need. */
export function compileCall(call: Call, scope: number, compiler: Compiler): number {
  const overWindow = windowFunctions.get(call.function);
  if (overWindow) return compileWindowCall(call, overWindow, scope, compiler);
  const ofValue = valueFunctions.get(call.function);
  if (ofValue) return compileValueCall(call, ofValue, scope, compiler);
  const compileSpecial = SPECIAL_FUNCTIONS.get(call.function);
  if (compileSpecial) return compileSpecial(call, scope, compiler);
  throw unsupported(call);
}

function unsupported(call: Call): PromqlError {
  const reason = call.function.startsWith('histogram_')
    ? 'works on native histograms, which are not supported; use the series of the classic histogram (_bucket, _sum, _count)'
    : 'is not supported';
  return new PromqlError('unsupported', `the function ${call.function} ${reason}`, call);
}
