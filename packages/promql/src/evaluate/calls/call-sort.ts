import { compareNatural } from '../../functions/functions.js';
import type { Call, Expression } from '../../syntax/expression.js';
import { rowsInOrder } from '../blocks/rows-in-order.js';
import { compareIdentities, type SeriesIdentity } from '../blocks/series-identity.js';
import type { VectorBlock } from '../blocks/values.js';
import type { Compiler } from '../program/program.js';
import type { Run } from '../run.js';
import { textOf } from './without-parentheses.js';

/** 1 ascending, -1 descending. */
type Direction = 1 | -1;

/** `sort(v)` and `sort_desc(v)`: by value, NaN last. */
export function compileSort(direction: Direction) {
  return (call: Call, scope: number, compiler: Compiler): number => {
    const compare = ({ values }: VectorBlock, left: number, right: number) =>
      compareValues(values[left] as number, values[right] as number, direction);
    return compileOrder(call, scope, compiler, compare);
  };
}

/** `sort_by_label(v, label…)`: numbers in label values count as numbers. All labels decide where the named ones are equal. */
export function compileSortByLabel(direction: Direction) {
  return (call: Call, scope: number, compiler: Compiler): number => {
    const labels = call.arguments.slice(1).map(textOf);
    const compare = ({ series }: VectorBlock, left: number, right: number) =>
      direction * compareByLabels(series[left] as SeriesIdentity, series[right] as SeriesIdentity, labels);
    return compileOrder(call, scope, compiler, compare);
  };
}

type CompareRows = (block: VectorBlock, left: number, right: number) => number;

function compileOrder(call: Call, scope: number, compiler: Compiler, compare: CompareRows): number {
  const slot = compiler.compile(call.arguments[0] as Expression, scope);
  return compiler.add({
    scope,
    evaluate(run) {
      if (!run.isRange) return orderRows(run.takeVector(slot), compare, run);
      const text = 'sort is ineffective for range queries since results are always ordered by labels';
      run.notes.warn(text, call);
      return run.takeVector(slot);
    },
  });
}

/** With more than one step (in a subquery) there is no one order. */
function orderRows(block: VectorBlock, compare: CompareRows, run: Run): VectorBlock {
  if (block.steps !== 1) return block;
  const order = block.series.map((_, row) => row).sort((left, right) => compare(block, left, right));
  return rowsInOrder(block, order, run);
}

function compareValues(left: number, right: number, direction: Direction): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left === right ? 0 : left < right ? -direction : direction;
}

function compareByLabels(left: SeriesIdentity, right: SeriesIdentity, labels: readonly string[]): number {
  for (const label of labels) {
    const order = compareNatural(left.get(label), right.get(label));
    if (order !== 0) return order;
  }
  return compareIdentities(left, right);
}
