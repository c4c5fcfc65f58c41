import { SampleBytesReader, SampleBytesWriter } from './sample-bytes.js';

/** The rows of one flush: row `i` is (`seriesIds[i]`, `timesMs[i]`, `values[i]`). */
export interface LogBatch {
  readonly seriesIds: Int32Array;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** How the times of a batch are written. Numbers on disk: never change one. */
const DIFFERENCES = 1;
const PLAIN = 2;

/** Bytes of a row in the usual case: one for the series, up to three for the time, eight for the value. */
const EXPECTED_ROW_BYTES = 12;

/**
 * One flush as bytes: form, count, times, series, values. Series and times are written as differences to the row before,
 * because a flush runs through neighbouring series at nearly the same time: 10 to 11 bytes a row.
 * Times that are too far apart for 32 bits are written plainly.
 */
export function encodeLogBatch({ seriesIds, timesMs, values }: LogBatch): Buffer {
  const writer = new SampleBytesWriter(32 + seriesIds.length * EXPECTED_ROW_BYTES);
  const form = areNear(timesMs) ? DIFFERENCES : PLAIN;
  writer.unsigned(form);
  writer.unsigned(seriesIds.length);
  if (form === PLAIN) {
    writer.doubles(timesMs);
  } else {
    writer.doubles(timesMs.subarray(0, 1));
    for (let row = 1; row < timesMs.length; row++)
      writer.signed((timesMs[row] as number) - (timesMs[row - 1] as number));
  }
  let before = 0;
  for (const id of seriesIds) {
    writer.signed(id - before);
    before = id;
  }
  writer.doubles(values);
  return writer.finish();
}

/** Throws a RangeError for bytes that {@link encodeLogBatch} did not write. */
export function decodeLogBatch(bytes: Uint8Array): LogBatch {
  return decodeLogBatches([bytes]);
}

/** Many flushes, one behind the other. Thousands of them in one go, because each array of its own would cost more than its rows. */
export function decodeLogBatches(flushes: readonly Uint8Array[]): LogBatch {
  const total = flushes.reduce((sum, bytes) => sum + countOf(new SampleBytesReader(bytes)), 0);
  const batch = {
    seriesIds: new Int32Array(total),
    timesMs: new Float64Array(total),
    values: new Float64Array(total),
  };
  let start = 0;
  for (const bytes of flushes) start += decodeInto(batch, start, bytes);
  return batch;
}

function decodeInto({ seriesIds, timesMs, values }: LogBatch, start: number, bytes: Uint8Array): number {
  const reader = new SampleBytesReader(bytes);
  const form = formOf(reader);
  const count = reader.unsigned();
  if (form === PLAIN) reader.doublesInto(timesMs, start, count);
  else readDifferences(reader, timesMs, { start, count });
  for (let row = start, id = 0; row < start + count; row++) {
    id += reader.signed();
    seriesIds[row] = id;
  }
  reader.doublesInto(values, start, count);
  return count;
}

function readDifferences(
  reader: SampleBytesReader,
  timesMs: Float64Array,
  { start, count }: { readonly start: number; readonly count: number },
): void {
  reader.doublesInto(timesMs, start, Math.min(count, 1));
  for (let row = start + 1; row < start + count; row++) {
    timesMs[row] = (timesMs[row - 1] as number) + reader.signed();
  }
}

function formOf(reader: SampleBytesReader): number {
  const form = reader.unsigned();
  if (form !== DIFFERENCES && form !== PLAIN)
    throw new RangeError(`unknown form ${form} of a sample log batch`);
  return form;
}

function countOf(reader: SampleBytesReader): number {
  formOf(reader);
  return reader.unsigned();
}

function areNear(timesMs: Float64Array): boolean {
  for (let row = 1; row < timesMs.length; row++) {
    const difference = (timesMs[row] as number) - (timesMs[row - 1] as number);
    if (difference !== (difference | 0)) return false;
  }
  return true;
}
