import type { Call, Expression } from '../../syntax/expression.js';
import type { Compiler } from '../program/program.js';
import { HistogramCall, type HistogramResult } from './histogram-call.js';
import { textOf } from './without-parentheses.js';

/** `histogram_quantile(q, v)`. */
export function compileHistogramQuantile(call: Call, scope: number, compiler: Compiler): number {
  const [quantile, vector] = call.arguments as [Expression, Expression];
  const results: HistogramResult[] = [{ slots: [compiler.compile(quantile, scope)], quantile }];
  const vectorSlot = compiler.compile(vector, scope);
  return compiler.add(new HistogramCall({ kind: 'quantile', vector, vectorSlot, scope, results }));
}

/** `histogram_quantiles(v, label, q…)`: each quantile as a series, which names it in the label. */
export function compileHistogramQuantiles(call: Call, scope: number, compiler: Compiler): number {
  const [vector, label, ...quantiles] = call.arguments as [Expression, Expression, ...Expression[]];
  const results = quantiles.map(
    (quantile): HistogramResult => ({
      slots: [compiler.compile(quantile, scope)],
      quantile,
      label: textOf(label),
    }),
  );
  const vectorSlot = compiler.compile(vector, scope);
  return compiler.add(new HistogramCall({ kind: 'quantile', vector, vectorSlot, scope, results }));
}

/** `histogram_fraction(lower, upper, v)`. */
export function compileHistogramFraction(call: Call, scope: number, compiler: Compiler): number {
  const [lower, upper, vector] = call.arguments as [Expression, Expression, Expression];
  const results: HistogramResult[] = [
    { slots: [compiler.compile(lower, scope), compiler.compile(upper, scope)] },
  ];
  const vectorSlot = compiler.compile(vector, scope);
  return compiler.add(new HistogramCall({ kind: 'fraction', vector, vectorSlot, scope, results }));
}
