import {
  type CounterReading,
  isCounterName,
  type RollupColumns,
  sumUpRollup,
  sumUpSamples,
} from '@labkeeper/core';
import { decodeChunk, encodeChunk } from '../chunk.js';
import { POWERS, wholeOf } from '../codec/decimal-column.js';
import { type Column, columnBetween, mergeAll } from '../column.js';
import { windowOf } from '../head/window.js';
import { decodeRollup, encodeRollup } from '../rollup-chunk.js';
import { mergeRollups } from '../rollup-columns.js';
import { SETTLED_MS } from './day.js';

/** Lengths of the steps of roll-ups, finest first. Each is a part of the next, and of a day. */
export const ROLLUP_STEPS_MS = [300_000, 3_600_000] as const;

/** A chunk and the start of the window that it was encoded against. */
export interface PlacedChunk {
  readonly bytes: Uint8Array;
  readonly startMs: number;
}

/** What there is of one series of one day. */
export interface UnsettledSeries {
  readonly seriesId: number;
  readonly name: string;
  /** Chunks of samples, the one that came first in front. */
  readonly chunks: readonly PlacedChunk[];
  /** Chunks of roll-ups that were made before, by length of step. */
  readonly rollups: ReadonlyMap<number, readonly PlacedChunk[]>;
  /** The last chunk of the finest roll-up of the day before: a counter may have started anew in between. */
  readonly before?: PlacedChunk;
}

/** A chunk that is ready for a pack. */
export interface SettledChunk {
  readonly bytes: Uint8Array;
  readonly samples: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface SettledSeries {
  readonly seriesId: number;
  /** By the start of their window. */
  readonly samples: ReadonlyMap<number, SettledChunk>;
  readonly rollups: ReadonlyMap<number, SettledChunk>;
  /** Chunks that are damaged and left out. */
  readonly damaged: number;
}

/** A day of one series in its final form: its samples in few chunks, and its roll-ups. Some milliseconds of work for 8,640 samples. */
export function settleSeries(series: UnsettledSeries, dayMs: number): SettledSeries {
  let damaged = 0;
  const decodeAll = <Value>(chunks: readonly PlacedChunk[], decode: (chunk: PlacedChunk) => Value): Value[] =>
    chunks.flatMap((chunk) => {
      try {
        return [decode(chunk)];
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        damaged += 1;
        return [];
      }
    });
  const column = mergeAll(decodeAll(series.chunks, ({ bytes, startMs }) => decodeChunk(bytes, startMs)));
  const read = ({ bytes, startMs }: PlacedChunk) => decodeRollup(bytes, startMs);
  const [yesterday] = series.before ? decodeAll([series.before], read) : [];
  const rollups = new Map<number, SettledChunk>();
  let finer = sumUp(series.name, column, yesterday);
  for (const stepMs of ROLLUP_STEPS_MS) {
    finer = stepMs === ROLLUP_STEPS_MS[0] ? finer : sumUpRollup(finer, stepMs);
    const known = decodeAll(series.rollups.get(stepMs) ?? [], read);
    const merged = known.reduce((all, one) => mergeRollups(all, one), finer);
    if (merged.timesMs.length > 0) rollups.set(stepMs, settled(merged.timesMs, encodeRollup(merged, dayMs)));
  }
  return { seriesId: series.seriesId, samples: samplesOf(column), rollups, damaged };
}

function samplesOf(column: Column): ReadonlyMap<number, SettledChunk> {
  const chunks = new Map<number, SettledChunk>();
  for (let rest = column; rest.timesMs.length > 0; ) {
    const startMs = windowOf(rest.timesMs[0] as number, SETTLED_MS);
    const part = columnBetween(rest, startMs, startMs + SETTLED_MS);
    chunks.set(startMs, settled(part.timesMs, encodeChunk(part, startMs)));
    rest = columnBetween(rest, startMs + SETTLED_MS + 1, Number.POSITIVE_INFINITY);
  }
  return chunks;
}

function settled(timesMs: Float64Array, bytes: Uint8Array): SettledChunk {
  return {
    bytes,
    samples: timesMs.length,
    oldestMs: timesMs[0] as number,
    newestMs: timesMs[timesMs.length - 1] as number,
  };
}

function sumUp(name: string, column: Column, yesterday: RollupColumns | undefined): RollupColumns {
  const steps = sumUpSamples(column, {
    stepMs: ROLLUP_STEPS_MS[0],
    isCounter: isCounterName(name),
    before: lastOf(yesterday),
  });
  tidySums(steps, column.values);
  return steps;
}

/**
 * A sum of decimals is a decimal, but adding doubles leaves 0.30000000000000004 behind: six bytes for digits that mean nothing.
 * Rounded to the places of what was added it is nearer to the truth, and costs one.
 */
function tidySums({ sum }: RollupColumns, values: Float64Array): void {
  const places = placesOf(values);
  const power = POWERS[places ?? 0] as number;
  if (places === undefined) return;
  for (let step = 0; step < sum.length; step++) {
    const rounded = Math.round((sum[step] as number) * power) / power;
    if (Number.isFinite(rounded)) sum[step] = rounded;
  }
}

function placesOf(values: Float64Array): number | undefined {
  let places = 0;
  for (const value of values) {
    while (Number.isNaN(wholeOf(value, places))) if (++places === POWERS.length) return undefined;
  }
  return places;
}

/** Where the series stood at the end of the day before. */
function lastOf(yesterday: RollupColumns | undefined): CounterReading | undefined {
  const untilMs = yesterday?.timesMs.at(-1);
  return untilMs === undefined ? undefined : { value: yesterday?.last.at(-1) as number, untilMs };
}
