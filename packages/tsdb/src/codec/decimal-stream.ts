import { type DecimalColumn, fromDecimals } from './decimal-column.js';
import { IntegerModel } from './integer-model.js';
import { bestPrediction, type Predictor, predict } from './predictor.js';
import type { RangeDecoder } from './range-decoder.js';
import type { RangeEncoder } from './range-encoder.js';

/** Decimals as the errors of whichever guess errs least. */
export function writeDecimals(encoder: RangeEncoder, { places, whole }: DecimalColumn): void {
  const prediction = bestPrediction(whole);
  encoder.direct(places, 4);
  encoder.direct(prediction.predictor, 4);
  IntegerModel.fresh().write(encoder, prediction.constant);
  const model = IntegerModel.fresh();
  for (let row = 0; row < whole.length; row++)
    model.write(encoder, (whole[row] as number) - predict(prediction, whole, row));
}

/** The whole numbers and their places. */
export function readWholes(decoder: RangeDecoder, count: number): DecimalColumn {
  const places = decoder.direct(4);
  const predictor = decoder.direct(4) as Predictor;
  const prediction = { predictor, constant: IntegerModel.fresh().read(decoder) };
  const model = IntegerModel.fresh();
  const whole = new Float64Array(count);
  for (let row = 0; row < count; row++) whole[row] = model.read(decoder) + predict(prediction, whole, row);
  return { places, whole };
}

export function readDecimals(decoder: RangeDecoder, count: number): Float64Array {
  return fromDecimals(readWholes(decoder, count));
}
