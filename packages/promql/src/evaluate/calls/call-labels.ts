import { type LabelChange, labelJoin, labelReplace } from '../../functions/functions.js';
import type { Call, Expression } from '../../syntax/expression.js';
import { checkRepeats, type RenamedSeries, rememberLast, renameSeries } from '../blocks/merge-series.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import type { Compiler } from '../program/program.js';
import { textOf } from './without-parentheses.js';

/** `label_replace(v, destination, replacement, source, expression)`. */
export function compileLabelReplace(call: Call, scope: number, compiler: Compiler): number {
  const [, destination, replacement, source, expression] = call.arguments.map(textOf) as [
    ...[string, string, string],
    ...[string, string],
  ];
  return compileChange(call, scope, compiler, () =>
    labelReplace({ destination, replacement, source, expression }),
  );
}

/** `label_join(v, destination, separator, source…)`. */
export function compileLabelJoin(call: Call, scope: number, compiler: Compiler): number {
  const [, destination = '', separator = '', ...sources] = call.arguments.map(textOf);
  return compileChange(call, scope, compiler, () => labelJoin(destination, separator, sources));
}

/** The change is made when it is first needed, so that its errors are those of an evaluation. */
function compileChange(call: Call, scope: number, compiler: Compiler, makeChange: () => LabelChange): number {
  const slot = compiler.compile(call.arguments[0] as Expression, scope);
  let change: LabelChange | undefined;
  const changedSeries = rememberLast((series: readonly SeriesIdentity[]) => {
    change ??= makeChange();
    return changeEach(series, change);
  });
  return compiler.add({
    scope,
    evaluate(run) {
      const block = run.takeVector(slot);
      return renameSeries(block, changedSeries(block.series), run);
    },
  });
}

function changeEach(series: readonly SeriesIdentity[], change: LabelChange): RenamedSeries {
  return checkRepeats(
    series.map((each) => {
      const labels = each.toLabels();
      const changed = change(labels);
      return changed === labels ? each : SeriesIdentity.ofLabels(changed);
    }),
  );
}
