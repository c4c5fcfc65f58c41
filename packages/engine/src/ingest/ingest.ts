import type { AppendOutcome, EntityId, Labels, Sample, SampleBatch, Series } from '@labkeeper/core';

/** What ingest has counted since the start. */
export interface IngestStats {
  /** Samples that the store has taken, those that it refused included. */
  readonly stored: number;
  /** Samples that were refused before: bad name, label, time or value, or too many series of one source. */
  readonly invalid: number;
  /** Samples that the store refused: another value was there for their time, or they came too late. */
  readonly refused: number;
  /** Samples that were given up because the store was away for too long. */
  readonly dropped: number;
  /** Samples that wait for the store. */
  readonly backlog: number;
  readonly appends: number;
  readonly failedAppends: number;
}

/** Where samples come from. One object per source, kept by whoever sends: the series are remembered with it. */
export interface SampleSource {
  /** Takes the samples of one run; `timeMs` is for those without a time of their own. Never throws, never waits. */
  add(samples: readonly Sample[], timeMs: number): void;
}

/** From samples to the store. */
export interface Ingest {
  /** A way in for samples of one origin. `labels` are added where a sample has none of that name. */
  source(origin: {
    readonly plugin: string;
    readonly labels?: Labels;
    readonly entity?: EntityId;
  }): SampleSource;
  /** A series for {@link write}, with secrets taken out of its labels. Name and labels must be valid. */
  series(name: string, labels: Labels): Series;
  /**
   * Writes rows at once, for a sender who waits: names and labels must be valid, and the columns must not change afterwards. Resolves when
   * the store's promised durability holds; rejects with what the store throws, and then the sender still has them.
   */
  write(batch: SampleBatch, entities?: readonly EntityId[]): Promise<AppendOutcome>;
  /** Writes what has been taken so far. Resolves when it is stored, or when the store cannot take it now. */
  flush(): Promise<void>;
  stats(): IngestStats;
}
