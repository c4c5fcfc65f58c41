import { type LabelChange, labelJoin, labelReplace } from '../../functions/functions.js';
import type { Call, Expression } from '../../syntax/expression.js';
import { checkRepeats, type RenamedSeries, renameSeries } from '../blocks/merge-series.js';
import { SeriesIdentity } from '../blocks/series-identity.js';
import type { Compiler } from '../program/program.js';
import { inTurns } from '../turns.js';
import { textOf } from './without-parentheses.js';

/** `label_replace(v, destination, replacement, source, expression)`. */
export function compileLabelReplace(call: Call, scope: number, compiler: Compiler): number {
  const [, destination, replacement, source, expression] = call.arguments.map(textOf) as [
    ...[string, string, string],
    ...[string, string],
  ];
  return compileChange(call, scope, compiler, {
    source,
    destination,
    makeChange: () => labelReplace({ destination, replacement, source, expression }),
  });
}

/** `label_join(v, destination, separator, source…)`. */
export function compileLabelJoin(call: Call, scope: number, compiler: Compiler): number {
  const [, destination = '', separator = '', ...sources] = call.arguments.map(textOf);
  return compileChange(call, scope, compiler, {
    source: destination,
    destination,
    makeChange: () => labelJoin(destination, separator, sources),
  });
}

/** So many characters of a label value count as a sample, which is 16 bytes: values may double with every call within a call. */
const CHARACTERS_PER_SAMPLE = 16;
/** An expression may look at each character many times, so that few series are enough for a turn. */
const SAMPLES_PER_CHARACTER = 10;

/** The change is made when it is first needed, so that its errors are those of an evaluation. */
function compileChange(
  call: Call,
  scope: number,
  compiler: Compiler,
  { source, destination, makeChange }: PlannedChange,
): number {
  const slot = compiler.compile(call.arguments[0] as Expression, scope);
  let change: LabelChange | undefined;
  let last: { readonly from: readonly SeriesIdentity[]; readonly to: RenamedSeries } | undefined;
  return compiler.add({
    scope,
    evaluate(run) {
      const block = run.takeVector(slot);
      if (last?.from === block.series) return renameSeries(block, last.to, run);
      change ??= makeChange();
      const changeSeries = change;
      const changed: SeriesIdentity[] = [];
      const changeRow = (row: number) => {
        const before = block.series[row] as SeriesIdentity;
        const after = changeLabels(before, changeSeries);
        changed.push(after);
        const written = after === before ? 0 : after.get(destination).length;
        run.keep(Math.floor(written / CHARACTERS_PER_SAMPLE));
        return 1 + (before.get(source).length + written) * SAMPLES_PER_CHARACTER;
      };
      return inTurns(block.series.length, changeRow, () => {
        last = { from: block.series, to: checkRepeats(changed) };
        return renameSeries(block, last.to, run);
      });
    },
  });
}

interface PlannedChange {
  /** The label that is read. */
  readonly source: string;
  /** The one that is written. */
  readonly destination: string;
  readonly makeChange: () => LabelChange;
}

function changeLabels(identity: SeriesIdentity, change: LabelChange): SeriesIdentity {
  const labels = identity.toLabels();
  const changed = change(labels);
  return changed === labels ? identity : SeriesIdentity.ofLabels(changed);
}
