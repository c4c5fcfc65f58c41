import { copyBits, emptyRollup, type RollupColumns } from '@labkeeper/core';

const NAMES = ['timesMs', 'count', 'min', 'max', 'sum', 'last', 'resets'] as const;

/** The steps that end in `fromMs … toMs`, sharing their memory. */
export function rollupBetween(rollup: RollupColumns, fromMs: number, toMs: number): RollupColumns {
  const { timesMs } = rollup;
  let [start, end] = [0, timesMs.length];
  while (start < end && (timesMs[start] as number) < fromMs) start++;
  while (end > start && (timesMs[end - 1] as number) > toMs) end--;
  if (start === 0 && end === timesMs.length) return rollup;
  return pick((name) => rollup[name].subarray(start, end));
}

/** Both in one. Where both have a step, the one that knows more samples of it stays: the other was made of a part of them. */
export function mergeRollups(a: RollupColumns, b: RollupColumns): RollupColumns {
  if (a.timesMs.length === 0) return b;
  if (b.timesMs.length === 0) return a;
  if ((a.timesMs.at(-1) as number) < (b.timesMs[0] as number)) return join(a, b);
  const merged = emptyRollup(a.timesMs.length + b.timesMs.length);
  let [left, right, steps] = [0, 0, 0];
  while (left < a.timesMs.length || right < b.timesMs.length) {
    const [leftMs, rightMs] = [
      a.timesMs[left] ?? Number.POSITIVE_INFINITY,
      b.timesMs[right] ?? Number.POSITIVE_INFINITY,
    ];
    const isLeft =
      leftMs < rightMs || (leftMs === rightMs && (a.count[left] as number) >= (b.count[right] as number));
    copyStep(merged, steps++, isLeft ? a : b, isLeft ? left : right);
    if (leftMs <= rightMs) left += 1;
    if (rightMs <= leftMs) right += 1;
  }
  return pick((name) => merged[name].subarray(0, steps));
}

/** Memory that the columns take. */
export function rollupBytes({ timesMs }: RollupColumns): number {
  return timesMs.length * 8 * NAMES.length + 256;
}

function copyStep(to: RollupColumns, at: number, from: RollupColumns, row: number): void {
  for (const name of NAMES) copyBits(to[name], at, from[name], row);
}

function join(a: RollupColumns, b: RollupColumns): RollupColumns {
  return pick((name) => {
    const joined = new Float64Array(a[name].length + b[name].length);
    joined.set(a[name]);
    joined.set(b[name], a[name].length);
    return joined;
  });
}

function pick(column: (name: (typeof NAMES)[number]) => Float64Array): RollupColumns {
  const [timesMs, count, min, max, sum, last, resets] = NAMES.map(column) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { timesMs, count, min, max, sum, last, resets };
}
