import type { Series } from '@labkeeper/core';

/** What is known of a pack without reading it. */
export interface PackInfo {
  /** Later packs have larger ones. */
  readonly id: number;
  /** False for what was sealed, and for what was cut since it settled: its day is to be settled again. */
  readonly isSettled: boolean;
  /** 0 for samples, else the length of the steps of the roll-ups in it. */
  readonly resolutionMs: number;
  /** The window in which all its samples lie: later than `fromMs`, up to `toMs`. Chunks are encoded against its start. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstSeries: number;
  readonly lastSeries: number;
  /** Of all series together; for roll-ups, steps. */
  readonly samples: number;
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly bytes: number;
}

export interface NewPack extends PackInfo {
  readonly data: Uint8Array;
}

/** A series under the number that chunks know it by. */
export interface NumberedSeries extends Series {
  readonly id: number;
}

/** Up to where the samples of each journal segment are in packs, in milliseconds. Segments that are gone need not be named. */
export type SealedSegments = Readonly<Record<number, number>>;

/** Everything but the bytes of the packs. */
export interface StoredDirectory {
  readonly series: readonly NumberedSeries[];
  readonly packs: readonly PackInfo[];
  readonly sealed?: SealedSegments;
}

/** What changes at once: all of it, or nothing. What is removed goes first: a pack may be replaced by one of its number. */
export interface StoreChange {
  readonly addedSeries?: readonly NumberedSeries[];
  readonly removedSeries?: readonly number[];
  /** Asked for one by one, once: each may be made when its turn comes. */
  readonly addedPacks?: Iterable<NewPack>;
  readonly removedPacks?: readonly number[];
  readonly sealed?: SealedSegments;
}

/** Where packs live: the narrow face that a database implements. Everything rejects with STORAGE_UNAVAILABLE when it cannot be done. */
export interface ChunkStore {
  /** Called once, at the start. */
  load(): Promise<StoredDirectory>;
  /** The packs that are there, in any order. Called some times per selection. */
  read(ids: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>>;
  /** Resolves when the change survives a power cut. Called some times an hour. */
  commit(change: StoreChange): Promise<void>;
  /** Gives room back that removed packs have left, when it is much. Called once a day. */
  tidy(): Promise<void>;
}
