import type { AppendOutcome, Matcher, SampleBatch, Series, SeriesSamples } from '@labkeeper/core';

/** What an export needs of a store; the `SampleStore` of the contract is one. */
export interface SampleSource {
  series(matchers: readonly Matcher[]): Promise<readonly Series[]>;
  select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly SeriesSamples[]>;
}

/** What an import needs of a store; the `SampleStore` of the contract is one. Imported samples may be of any age. */
export interface SampleTarget {
  append(batch: SampleBatch, options: { readonly backfill: true }): Promise<AppendOutcome>;
}

/** Which samples leave the store: those of the matching series with `fromMs ≤ time ≤ toMs`; no matchers mean all series. */
export interface ExportedSpan {
  readonly matchers: readonly Matcher[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** What an export has written so far; final once it has been read to its end. */
export interface ExportReport {
  readonly series: number;
  readonly samples: number;
  /** Samples that the format cannot express. */
  readonly leftOut: number;
}

/** The pieces of an exported file, and what was counted on the way. Read it once. */
export interface SampleExport<Piece> extends AsyncIterable<Piece> {
  readonly report: ExportReport;
}
