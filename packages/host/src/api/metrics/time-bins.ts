/** A span cut into steps of equal length. Bin `i` holds what happened in `[fromMs + i·stepMs, fromMs + (i+1)·stepMs)`. */
export interface TimeBins {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** The end of the span, exclusive. */
export function endOfBins({ fromMs, stepMs, count }: TimeBins): number {
  return fromMs + stepMs * count;
}

/** The bin of a time, or −1 for a time outside the span. */
export function binOf({ fromMs, stepMs, count }: TimeBins, timeMs: number): number {
  const bin = Math.floor((timeMs - fromMs) / stepMs);
  return bin >= 0 && bin < count ? bin : -1;
}

/** The beginnings of all bins in seconds since the epoch, which is what charts count in. */
export function timestampsOf({ fromMs, stepMs, count }: TimeBins): number[] {
  return Array.from({ length: count }, (_, bin) => (fromMs + bin * stepMs) / 1_000);
}

/** A column as it leaves: at most `digits` digits after the point, and null where nothing is known. */
export function asNullable(column: Float64Array, digits: number): (number | null)[] {
  const factor = 10 ** digits;
  return Array.from(column, (value) => (Number.isFinite(value) ? Math.round(value * factor) / factor : null));
}
