import type { InstantValue } from '@labkeeper/core';
import type { QueryValue, RangeSeries } from '../result.js';
import { columnsOfRow } from './blocks/columns-of-row.js';
import { compareIdentities, NO_LABELS, type SeriesIdentity } from './blocks/series-identity.js';
import type { Columns, RangeVector, Value, VectorBlock } from './blocks/values.js';
import { type Grid, timesOf } from './program/grid.js';

/** The value of an instant query, in the shape of its type. */
export function instantResult(value: Value, timeMs: number): QueryValue {
  switch (value.kind) {
    case 'scalar':
      return { type: 'scalar', timeMs, value: value.values[0] as number };
    case 'string':
      return { type: 'string', timeMs, value: value.value };
    case 'vector':
      return { type: 'vector', values: instantValues(value, timeMs) };
    case 'matrix':
      return { type: 'matrix', series: sorted(samplesInWindow(value)) };
  }
}

/** The value of a range query: always a matrix. A number becomes a series without labels. */
export function rangeResult(value: Value, grid: Grid): QueryValue {
  const timesMs = timesOf(grid);
  if (value.kind === 'vector') return { type: 'matrix', series: sorted(seriesOf(value, timesMs)) };
  if (value.kind !== 'scalar' || grid.steps === 0) return { type: 'matrix', series: [] };
  return { type: 'matrix', series: [{ labels: NO_LABELS.labels, timesMs, values: value.values }] };
}

/** With one step, no series is without a value. */
function instantValues({ series, values }: VectorBlock, timeMs: number): InstantValue[] {
  return series.map((identity, row) => ({
    labels: identity.toLabels(),
    timeMs,
    value: values[row] as number,
  }));
}

type Named = readonly [SeriesIdentity, Columns];

function seriesOf(block: VectorBlock, timesMs: Float64Array): Named[] {
  return block.series.map((identity, row): Named => [identity, columnsOfRow(block, row, timesMs)]);
}

function samplesInWindow({ series, columns, rangeMs, ends }: RangeVector): Named[] {
  const startMs = ends.firstMs - rangeMs;
  const named: Named[] = [];
  series.forEach((identity, row) => {
    const { timesMs, values } = columns[row] as Columns;
    const isWithin = (timeMs: number) => timeMs > startMs && timeMs <= ends.firstMs;
    const [from, to] = [timesMs.findIndex(isWithin), timesMs.findLastIndex(isWithin) + 1];
    if (to > 0)
      named.push([identity, { timesMs: timesMs.subarray(from, to), values: values.subarray(from, to) }]);
  });
  return named;
}

function sorted(named: Named[]): RangeSeries[] {
  return named
    .sort(([left], [right]) => compareIdentities(left, right))
    .map(([identity, { timesMs, values }]) => ({ labels: identity.toLabels(), timesMs, values }));
}
