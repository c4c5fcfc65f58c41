import type { LogBatch } from './log-codec.js';

/** The samples of one series in the order of the batch; two words are one value. The arrays are the receiver's. */
export type SeriesRows = (seriesId: number, timesMs: Float64Array, words: Uint32Array) => void;

/**
 * Hands out the rows of a large batch series by series. Going through them as they come would touch the memory of all
 * series over and over: with a million rows that takes twice as long as sorting first (a counting sort by id).
 */
export function sortBySeries({ seriesIds, timesMs, values }: LogBatch, each: SeriesRows): void {
  const counts = countRows(seriesIds);
  const places = beginnings(counts);
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const sortedMs = new Float64Array(seriesIds.length);
  const words = new Uint32Array(seriesIds.length * 2);
  for (let row = 0; row < seriesIds.length; row++) {
    const id = seriesIds[row] as number;
    const place = places[id] as number;
    places[id] = place + 1;
    sortedMs[place] = timesMs[row] as number;
    words[place * 2] = source[row * 2] as number;
    words[place * 2 + 1] = source[row * 2 + 1] as number;
  }
  for (const [id, count] of counts.entries()) {
    const end = places[id] as number;
    if (count > 0) each(id, sortedMs.subarray(end - count, end), words.subarray((end - count) * 2, end * 2));
  }
}

// Loops by index on purpose: iterators cost several times as much before the compiler has seen them.
function countRows(seriesIds: Int32Array): Uint32Array {
  let lastId = -1;
  for (let row = 0; row < seriesIds.length; row++) lastId = Math.max(lastId, seriesIds[row] as number);
  const counts = new Uint32Array(lastId + 1);
  for (let row = 0; row < seriesIds.length; row++) {
    const id = seriesIds[row] as number;
    counts[id] = (counts[id] as number) + 1;
  }
  return counts;
}

function beginnings(counts: Uint32Array): Uint32Array {
  const places = new Uint32Array(counts.length);
  for (let id = 1; id < counts.length; id++)
    places[id] = (places[id - 1] as number) + (counts[id - 1] as number);
  return places;
}
