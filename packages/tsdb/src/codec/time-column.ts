import { IntegerModel } from './integer-model.js';
import type { RangeDecoder } from './range-decoder.js';
import type { RangeEncoder } from './range-encoder.js';

/** Times as the changes of their distance, which are 0 or nearly so: collectors run by the clock. */
export function writeTimes(encoder: RangeEncoder, timesMs: Float64Array, startMs: number): void {
  const model = IntegerModel.fresh();
  let [before, distance] = [startMs, 0];
  for (const timeMs of timesMs) {
    model.write(encoder, timeMs - before - distance);
    distance = timeMs - before;
    before = timeMs;
  }
}

export function readTimes(decoder: RangeDecoder, count: number, startMs: number): Float64Array {
  const model = IntegerModel.fresh();
  const timesMs = new Float64Array(count);
  for (let row = 0, before = startMs, distance = 0; row < count; row++) {
    distance += model.read(decoder);
    before += distance;
    timesMs[row] = before;
  }
  return timesMs;
}
