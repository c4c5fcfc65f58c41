import type { Columns, VectorBlock } from './values.js';

/** The values of one series of a block with their times: without those steps at which it has none. Copies only where there are such. */
export function columnsOfRow(
  { values, present, steps }: VectorBlock,
  row: number,
  timesOfSteps: Float64Array,
): Columns {
  const from = row * steps;
  const found = present ? countPresent(present, from, from + steps) : steps;
  if (!present || found === steps)
    return { timesMs: timesOfSteps, values: values.subarray(from, from + steps) };
  const columns = { timesMs: new Float64Array(found), values: new Float64Array(found) };
  for (let step = 0, to = 0; step < steps; step++) {
    if (present[from + step] === 0) continue;
    columns.timesMs[to] = timesOfSteps[step] as number;
    columns.values[to++] = values[from + step] as number;
  }
  return columns;
}

function countPresent(present: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) count += present[at] as number;
  return count;
}
