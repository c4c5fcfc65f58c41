import { isStalenessMark, type SeriesSamples } from '@labkeeper/core';
import type { MatrixSelector, Subquery } from '../../syntax/expression.js';
import { columnsOfRow } from '../blocks/columns-of-row.js';
import type { Columns, RangeVector } from '../blocks/values.js';
import { timesOf } from '../program/grid.js';
import type { Operation, Run } from '../run.js';
import { inTurns } from '../turns.js';
import type { LoadedSelection } from './load-selections.js';
import { momentsOf } from './selector-plan.js';

/** A range selector: the samples as they are, without staleness marks. */
export function rangeSelector(selector: number, scope: number, plan: MatrixSelector): Operation {
  const operation: Operation = {
    scope,
    evaluate(run: Run) {
      const { samples, identities } = run.inputs.loaded[selector] as LoadedSelection;
      const columns: Columns[] = [];
      const ends = momentsOf(plan.selector, run.gridOf(operation), run.inputs.span);
      const readRow = (row: number) => {
        const read = samples[row] as SeriesSamples;
        columns.push(withoutMarks(read));
        return read.values.length + 1;
      };
      return inTurns(samples.length, readRow, () => {
        return { kind: 'matrix', series: identities, columns, rangeMs: plan.rangeMs, ends };
      });
    },
  };
  return operation;
}

/** A subquery: what its expression gave at the steps of the inner scope. */
export function subqueryRange(slot: number, inner: number, scope: number, plan: Subquery): Operation {
  const operation: Operation = {
    scope,
    evaluate(run): RangeVector {
      const block = run.takeVector(slot);
      const ends = momentsOf(plan, run.gridOf(operation), run.inputs.span);
      const timesMs = timesOf(run.gridOf({ ...operation, scope: inner }));
      const columns = block.series.map((_, row) => columnsOfRow(block, row, timesMs));
      return { kind: 'matrix', series: block.series, columns, rangeMs: plan.rangeMs, ends };
    },
  };
  return operation;
}

/** Copies only series that hold a mark, which are few. */
function withoutMarks({ timesMs, values }: SeriesSamples): Columns {
  const marks = countMarks(values);
  if (marks === 0) return { timesMs, values };
  const kept = {
    timesMs: new Float64Array(values.length - marks),
    values: new Float64Array(values.length - marks),
  };
  let to = 0;
  for (let row = 0; row < values.length; row++) {
    if (isStalenessMark(values[row] as number)) continue;
    kept.timesMs[to] = timesMs[row] as number;
    kept.values[to++] = values[row] as number;
  }
  return kept;
}

function countMarks(values: Float64Array): number {
  let marks = 0;
  for (let row = 0; row < values.length; row++) {
    if (isStalenessMark(values[row] as number)) marks++;
  }
  return marks;
}
