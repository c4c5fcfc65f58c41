import { crc32 } from 'node:zlib';
import type { RollupColumns } from '@labkeeper/core';
import { hasOneValue, repeated } from './codec/constant-column.js';
import { asDecimals, type DecimalColumn, fromDecimals } from './codec/decimal-column.js';
import { readDecimals, readWholes, writeDecimals } from './codec/decimal-stream.js';
import { readDoubles, writeDoubles } from './codec/double-column.js';
import { RangeDecoder } from './codec/range-decoder.js';
import { RangeEncoder } from './codec/range-encoder.js';
import { readTimes, writeTimes } from './codec/time-column.js';

/** How a column is written. Numbers on disk: never change one. */
const FORM = { one: 1, decimals: 2, doubles: 3 } as const;
/** Whether the four columns of values are written by their differences. */
const SIDES = { apart: 0, together: 1 } as const;

/** Half of what a double holds exactly, so that the difference to the sum is exact too. */
const LARGEST_GUESS = 2 ** 51;

const COUNT_AT = 4;
const HEADER_BYTES = 8;
/** Eleven years of hours; above it the bytes are damaged. */
const MOST_STEPS = 100_000;

/** Steps of one series as bytes: checksum, count, and one stream of adaptively coded whole numbers. Bit for bit, `last` included. */
export function encodeRollup(rollup: RollupColumns, startMs: number): Uint8Array {
  const { timesMs, count, resets } = rollup;
  if (timesMs.length > MOST_STEPS) throw new RangeError(`${timesMs.length} steps are too many for a chunk`);
  const encoder = new RangeEncoder(timesMs.length * 4 + 32);
  writeTimes(encoder, timesMs, startMs);
  writeColumn(encoder, count);
  writeColumn(encoder, resets);
  writeSides(encoder, rollup);
  const stream = encoder.finish();
  const bytes = new Uint8Array(HEADER_BYTES + stream.length);
  bytes.set(stream, HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(COUNT_AT, timesMs.length, true);
  view.setUint32(0, crc32(bytes.subarray(COUNT_AT)), true);
  return bytes;
}

/** Throws a RangeError for bytes that {@link encodeRollup} did not write, or that have changed since. */
export function decodeRollup(bytes: Uint8Array, startMs: number): RollupColumns {
  if (bytes.length < HEADER_BYTES) throw new RangeError('a chunk of a roll-up that was cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const steps = view.getUint32(COUNT_AT, true);
  if (view.getUint32(0, true) !== crc32(bytes.subarray(COUNT_AT)) || steps > MOST_STEPS)
    throw new RangeError('a damaged chunk of a roll-up');
  const decoder = new RangeDecoder(bytes, HEADER_BYTES);
  const timesMs = readTimes(decoder, steps, startMs);
  const count = readColumn(decoder, steps);
  const resets = readColumn(decoder, steps);
  return { timesMs, count, resets, ...readSides(decoder, count) };
}

type Sides = Pick<RollupColumns, 'last' | 'min' | 'max' | 'sum'>;

/** What a step's values have in common is written once: least and greatest lie near the last, and the sum near the middle of both. */
function writeSides(encoder: RangeEncoder, { count, last, min, max, sum }: RollupColumns): void {
  const steps = count.length;
  const all = new Float64Array(steps * 4);
  for (const [index, column] of [last, min, max, sum].entries()) all.set(column, index * steps);
  const decimals = asDecimals(all);
  if (!decimals || !areNearTheirGuess(count, decimals.whole)) {
    encoder.direct(SIDES.apart, 1);
    for (const column of [last, min, max, sum]) writeColumn(encoder, column);
    return;
  }
  encoder.direct(SIDES.together, 1);
  const { places, whole } = decimals;
  const [lasts, mins, maxs, sums] = [0, 1, 2, 3].map((index) =>
    whole.subarray(index * steps, (index + 1) * steps),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let step = 0; step < steps; step++) {
    (sums[step] as number) -= guessedSum(count, mins, maxs, step);
    mins[step] = (lasts[step] as number) - (mins[step] as number);
    (maxs[step] as number) -= lasts[step] as number;
  }
  for (const column of [lasts, mins, maxs, sums]) writeDecimals(encoder, { places, whole: column });
}

function readSides(decoder: RangeDecoder, count: Float64Array): Sides {
  const steps = count.length;
  if (decoder.direct(1) === SIDES.apart) {
    const [last, min, max, sum] = [0, 1, 2, 3].map(() => readColumn(decoder, steps)) as FourColumns;
    return { last, min, max, sum };
  }
  const [last, min, max, sum] = [0, 1, 2, 3].map(() => readWholes(decoder, steps)) as FourDecimals;
  for (let step = 0; step < steps; step++) {
    min.whole[step] = (last.whole[step] as number) - (min.whole[step] as number);
    (max.whole[step] as number) += last.whole[step] as number;
    (sum.whole[step] as number) += guessedSum(count, min.whole, max.whole, step);
  }
  return { last: fromDecimals(last), min: fromDecimals(min), max: fromDecimals(max), sum: fromDecimals(sum) };
}

/** Whether every guess of a sum is an exact number. */
function areNearTheirGuess(count: Float64Array, whole: Float64Array): boolean {
  const steps = count.length;
  for (let step = 0; step < steps; step++) {
    const extremes = Math.abs(whole[steps + step] as number) + Math.abs(whole[2 * steps + step] as number);
    if (!(Math.abs(count[step] as number) * extremes <= LARGEST_GUESS)) return false;
  }
  return true;
}

type FourColumns = [Float64Array, Float64Array, Float64Array, Float64Array];
type FourDecimals = [DecimalColumn, DecimalColumn, DecimalColumn, DecimalColumn];

function guessedSum(count: Float64Array, mins: Float64Array, maxs: Float64Array, step: number): number {
  return Math.round(((count[step] as number) * ((mins[step] as number) + (maxs[step] as number))) / 2);
}

function writeColumn(encoder: RangeEncoder, values: Float64Array): void {
  const decimals = hasOneValue(values) ? undefined : asDecimals(values);
  const form = hasOneValue(values) ? FORM.one : decimals ? FORM.decimals : FORM.doubles;
  encoder.direct(form, 4);
  if (decimals) writeDecimals(encoder, decimals);
  else writeDoubles(encoder, form === FORM.one ? values.subarray(0, 1) : values);
}

function readColumn(decoder: RangeDecoder, steps: number): Float64Array {
  const form = decoder.direct(4);
  if (form === FORM.one) return repeated(readDoubles(decoder, Math.min(1, steps)), steps);
  if (form === FORM.decimals) return readDecimals(decoder, steps);
  if (form === FORM.doubles) return readDoubles(decoder, steps);
  throw new RangeError(`unknown form ${form} of a column`);
}
