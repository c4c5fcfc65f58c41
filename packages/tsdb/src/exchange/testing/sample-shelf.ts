import type { AppendOutcome, Labels, SampleBatch, SeriesSamples } from '@labkeeper/core';
import { memoryStorage } from '@labkeeper/core/runtime';
import type { SampleSource, SampleTarget } from '../sample-ports.js';

/** Series as a test writes them down. */
export interface ShelvedSeries {
  readonly name: string;
  readonly labels?: Labels;
  /** Pairs of time and value; a bigint is the bits of the value. */
  readonly rows: readonly (readonly [number, number | bigint])[];
}

/** A store in memory that remembers how it was used. */
export interface SampleShelf extends SampleSource, SampleTarget {
  readonly batches: SampleBatch[];
  readonly selections: SeriesSamples[][];
  /** Everything there is: `name{label="value"} time bits`. */
  contents(): Promise<string[]>;
}

/** The widest span that any test uses. */
export const ALWAYS = { matchers: [], fromMs: -(2 ** 43), toMs: 2 ** 43 };

/** So wide that {@link ALWAYS} is one stride. */
export const ONE_STRIDE = { series: 50, spanMs: 2 ** 45 };

export async function sampleShelf(...shelved: readonly ShelvedSeries[]): Promise<SampleShelf> {
  const { samples } = memoryStorage();
  const [batches, selections]: [SampleBatch[], SeriesSamples[][]] = [[], []];
  const shelf: SampleShelf = {
    batches,
    selections,
    series: (matchers) => samples.series(matchers),
    async select(matchers, fromMs, toMs) {
      const found = await samples.select(matchers, fromMs, toMs);
      selections.push([...found]);
      return found;
    },
    async append(batch): Promise<AppendOutcome> {
      batches.push(batch);
      return samples.append(batch, { backfill: true });
    },
    contents: async () =>
      (await samples.select([{ label: '__name__', operator: '!=', value: '' }], -(2 ** 53), 2 ** 53))
        .flatMap(linesOf)
        .sort(),
  };
  for (const { name, labels = {}, rows } of shelved) await samples.append(batchOf(name, labels, rows));
  return shelf;
}

function batchOf(name: string, labels: Labels, rows: ShelvedSeries['rows']): SampleBatch {
  const values = new Float64Array(rows.length);
  const bits = new BigUint64Array(values.buffer);
  for (const [row, [, value]] of rows.entries()) {
    if (typeof value === 'bigint') bits[row] = value;
    else values[row] = value;
  }
  return { series: rows.map(() => ({ name, labels })), timesMs: rows.map(([timeMs]) => timeMs), values };
}

function linesOf({ series, timesMs, values }: SeriesSamples): string[] {
  const labels = JSON.stringify(Object.entries(series.labels).sort());
  const bits = new BigUint64Array(values.slice().buffer);
  return [...timesMs].map((timeMs, row) => `${series.name}${labels} ${timeMs} ${bits[row]?.toString(16)}`);
}

/** All pieces of an export as one. */
export async function gathered(pieces: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const piece of pieces) found.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(found);
}

/** Something in pieces of the given size. */
export async function* inPieces<Whole extends string | Uint8Array>(
  whole: Whole,
  size: number = whole.length,
): AsyncGenerator<Whole> {
  for (let at = 0; at < whole.length; at += size) yield whole.slice(at, at + size) as Whole;
}
